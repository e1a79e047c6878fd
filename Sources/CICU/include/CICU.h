#include <stdint.h>

// Foundation brings an ICU of its own, whose headers must not meet those of the system in one module: Swift sees only
// these calls. Texts are UTF-16.

// Rules as in `utrans_openU`; null when they are wrong.
void *icu_transliterator(const uint16_t *rules, int32_t length);

// The new length, or -1 when the text does not fit.
int32_t icu_transliterate(const void *transliterator, uint16_t *text, int32_t length, int32_t capacity);

// The text must outlive the words.
void *icu_words(const uint16_t *text, int32_t length);

// The end of the next word, or -1.
int32_t icu_next(void *words);
void icu_close(void *words);
