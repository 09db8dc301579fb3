/* Loads like any other, and then answers nothing that can be. */
#include <string.h>

#include "permafrost_device.h"

static void say(PermafrostSentence* sentence, const char* text) {
  sentence->size = strlen(text);
  memcpy(sentence->data, text, sentence->size);
}

static int32_t format_device(void* context, uint32_t index, PermafrostSentence* text) {
  (void)context;
  if (index == 0) say(text, "/device:JUNK:1");
  if (index == 1) text->size = (size_t)-1;
  if (index == 2) say(text, "/device:JUNK:2\n");
  if (index == 3) say(text, "/device:\xff:3");
  return index == 4 ? -7 : 1;
}

static int32_t find_kernel(void* context, const PermafrostOp* op, PermafrostKernel* kernel) {
  (void)context;
  (void)op;
  (void)kernel;
  return 99;
}

static void want_constant(void* context, PermafrostConstant* constant) {
  (void)context;
  constant->alignment = 3;
}

static int32_t veto(void* context, const PermafrostNode* node, PermafrostSentence* reason) {
  (void)context;
  (void)node;
  reason->size = reason->capacity + 1;
  return 1;
}

static const PermafrostDeviceTarget kTarget = {
    sizeof(PermafrostDeviceTarget), 0, "junk", "JUNK", NULL, format_device, find_kernel, want_constant, veto,
};
static const PermafrostDeviceTarget* const kTargets[] = {&kTarget};

const PermafrostDevicePlugin* permafrost_device_plugin(void) {
  static const PermafrostDevicePlugin plugin = {PERMAFROST_DEVICE_ABI_VERSION, 1, kTargets};
  return &plugin;
}
