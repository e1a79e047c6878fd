#include "CICU.h"

#include <unicode/ubrk.h>
#include <unicode/utrans.h>

void *icu_transliterator(const uint16_t *rules, int32_t length) {
    UErrorCode status = U_ZERO_ERROR;
    UTransliterator *made = utrans_openU(rules, length, UTRANS_FORWARD, 0, 0, 0, &status);
    return U_SUCCESS(status) ? made : 0;
}

int32_t icu_transliterate(const void *transliterator, uint16_t *text, int32_t length, int32_t capacity) {
    UErrorCode status = U_ZERO_ERROR;
    int32_t limit = length, size = length;
    utrans_transUChars(transliterator, text, &size, capacity, 0, &limit, &status);
    return U_SUCCESS(status) ? size : -1;
}

void *icu_words(const uint16_t *text, int32_t length) {
    UErrorCode status = U_ZERO_ERROR;
    UBreakIterator *made = ubrk_open(UBRK_WORD, "zh", text, length, &status);
    return U_SUCCESS(status) ? made : 0;
}

int32_t icu_next(void *words) { return ubrk_next(words); }
void icu_close(void *words) { ubrk_close(words); }
