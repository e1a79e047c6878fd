#include <libxml/xmlversion.h>
/* Debian builds libxml2 with ICU; its headers clash with the ICU that Foundation brings, and nothing here needs them. */
#undef LIBXML_ICU_ENABLED
#include <libxml/HTMLparser.h>
#include <libxml/HTMLtree.h>
