/* A device plugin for permafrost: a target named `tpu_like`, for an accelerator that multiplies bfloat16 matrices.
 * It shows all that a plugin can say; docs/devices.md tells the story. */
#include <stdio.h>
#include <string.h>

#include "permafrost_device.h"

/* Numbers of TensorFlow's DataType. */
enum { kFloat = 1, kInt32 = 3, kInt64 = 9, kBool = 10, kBfloat16 = 14 };

static const uint32_t kDevices = 8;

/* An op, and the input that is read in host memory, as shapes and axes are; -1: none. */
typedef struct Row {
  const char* op;
  int host_input;
} Row;

static const Row kRows[] = {
    {"AddV2", -1},  {"BiasAdd", -1}, {"Const", -1}, {"Conv2D", -1},      {"Identity", -1},
    {"MatMul", -1}, {"Mean", 1},     {"Mul", -1},   {"Placeholder", -1}, {"Relu", -1},
    {"Reshape", 1}, {"Softmax", -1}, {"Sub", -1},   {"Transpose", 1},
};

static int is(PermafrostText text, const char* word) {
  return text.size == strlen(word) && memcmp(text.data, word, text.size) == 0;
}

/* Never writes more than there is room for. */
static void say(PermafrostSentence* sentence, const char* text) {
  const size_t size = strlen(text);
  sentence->size = size < sentence->capacity ? size : sentence->capacity;
  memcpy(sentence->data, text, sentence->size);
}

static int32_t format_device(void* context, uint32_t index, PermafrostSentence* text) {
  char device[32];
  (void)context;
  if (index >= kDevices) {
    say(text, "a board has eight chips, 0 to 7");
    return 0;
  }
  snprintf(device, sizeof device, "/device:TPU:%u", (unsigned)index);
  say(text, device);
  return 1;
}

static int computes(int32_t dtype) {
  return dtype == kFloat || dtype == kInt32 || dtype == kInt64 || dtype == kBool || dtype == kBfloat16;
}

static int32_t find_kernel(void* context, const PermafrostOp* op, PermafrostKernel* kernel) {
  size_t row = 0;
  size_t i = 0;
  (void)context;
  while (row < sizeof kRows / sizeof *kRows && !is(op->name, kRows[row].op)) ++row;
  if (row == sizeof kRows / sizeof *kRows) return PERMAFROST_UNKNOWN_OP;
  /* An argument of dtype 0 is one that permafrost does not know the type of: it gets the benefit of the doubt. */
  for (i = 0; i < op->input_count; ++i) {
    if (op->inputs[i].dtype != 0 && !computes(op->inputs[i].dtype)) {
      say(&kernel->reason, "the chip has no arithmetic for the dtype of an input");
      return PERMAFROST_NO_KERNEL;
    }
  }
  for (i = 0; i < op->output_count; ++i) {
    if (op->outputs[i].dtype != 0 && !computes(op->outputs[i].dtype)) {
      say(&kernel->reason, "the chip has no arithmetic for the dtype of an output");
      return PERMAFROST_NO_KERNEL;
    }
  }
  if (kRows[row].host_input >= 0 && (size_t)kRows[row].host_input < op->input_count) {
    kernel->host_inputs[kRows[row].host_input] = 1;
  }
  return PERMAFROST_HAS_KERNEL;
}

/* Weights at half the size, in lines of the chip's memory. */
static void want_constant(void* context, PermafrostConstant* constant) {
  (void)context;
  if (constant->dtype == kFloat) constant->dtype = kBfloat16;
  constant->alignment = 128;
}

/* A target without a veto is asked less: leave it out where the op and its dtypes say enough. */
static int32_t veto(void* context, const PermafrostNode* node, PermafrostSentence* reason) {
  static const char prefix[] = "debug/";
  const size_t size = sizeof prefix - 1;
  (void)context;
  if (node->name.size < size || memcmp(node->name.data, prefix, size) != 0) return 0;
  say(reason, "nodes for debugging stay off the board");
  return 1;
}

static const PermafrostDeviceTarget kTarget = {
    sizeof(PermafrostDeviceTarget), 0, "tpu_like", "TPU", NULL, format_device, find_kernel, want_constant, veto,
};
static const PermafrostDeviceTarget* const kTargets[] = {&kTarget};
static const PermafrostDevicePlugin kPlugin = {PERMAFROST_DEVICE_ABI_VERSION, 1, kTargets};

const PermafrostDevicePlugin* permafrost_device_plugin(void) { return &kPlugin; }
