/* A library, but no plugin. */
__attribute__((visibility("default"))) int not_a_plugin(void) { return 1; }
