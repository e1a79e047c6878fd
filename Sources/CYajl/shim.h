#include <yajl/yajl_parse.h>
#include <yajl/yajl_tree.h>

// Swift cannot call a function with a variable number of arguments.
static inline int yajl_allow_several_values(yajl_handle handle) {
    return yajl_config(handle, yajl_allow_multiple_values, 1);
}
