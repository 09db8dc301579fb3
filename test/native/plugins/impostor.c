/* A target of its own, and one with the name of a built-in one. */
#include "permafrost_device.h"

static int32_t format_device(void* context, uint32_t index, PermafrostSentence* text) {
  (void)context;
  (void)index;
  (void)text;
  return 0;
}

static int32_t find_kernel(void* context, const PermafrostOp* op, PermafrostKernel* kernel) {
  (void)context;
  (void)op;
  (void)kernel;
  return PERMAFROST_UNKNOWN_OP;
}

static const PermafrostDeviceTarget kOwn = {
    sizeof(PermafrostDeviceTarget), 0, "impostor", "IMPOSTOR", NULL, format_device, find_kernel, NULL, NULL,
};
static const PermafrostDeviceTarget kCpu = {
    sizeof(PermafrostDeviceTarget), 0, "cpu", "CPU", NULL, format_device, find_kernel, NULL, NULL,
};
static const PermafrostDeviceTarget* const kTargets[] = {&kOwn, &kCpu};

const PermafrostDevicePlugin* permafrost_device_plugin(void) {
  static const PermafrostDevicePlugin plugin = {PERMAFROST_DEVICE_ABI_VERSION, 2, kTargets};
  return &plugin;
}
