#include <raptor2.h>
