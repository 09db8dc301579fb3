/* How permafrost knows a device: plain C, so that anybody can write one in any language. docs/devices.md has the story.
 *
 * A plugin is a shared library that exports `permafrost_device_plugin`. permafrost loads it, looks at the versions, and
 * asks its targets while it places a graph: which ops they have kernels for, what their devices are called, and how
 * they want constants. The built-in targets cpu, gpu and npu answer through the same functions.
 *
 * The rules of the house: permafrost owns all memory that it hands over, and it is good until the function returns.
 * What a plugin hands over must stay good as long as the process lives, as the plugin does. Functions may be called
 * from any thread, several at once, and must not throw, longjmp or end the process. Texts are UTF-8 without control
 * characters. Answers are looked at: what cannot be one ends the freeze, with an error that names plugin, target and
 * answer. */
#ifndef PERMAFROST_DEVICE_H
#define PERMAFROST_DEVICE_H

#include <stddef.h>
#include <stdint.h>

/* NOLINTBEGIN(modernize-use-using): C has nothing else */
#ifdef __cplusplus
extern "C" {
#endif

/* Goes up with every change that a compiled plugin would not survive. */
#define PERMAFROST_DEVICE_ABI_VERSION 1u

/* Not terminated by a zero. */
typedef struct PermafrostText {
  const char* data;
  size_t size;
} PermafrostText;

/* A type attribute of a node, such as T of MatMul: one dtype, or, where it lists types, any number. */
typedef struct PermafrostTypes {
  PermafrostText attribute;
  const int32_t* dtypes; /* numbers of TensorFlow's DataType */
  size_t count;
} PermafrostTypes;

/* One input or output. */
typedef struct PermafrostTensor {
  PermafrostText argument; /* its name in the OpDef; empty for an op that nobody described */
  int32_t dtype;           /* 0: unknown */
} PermafrostTensor;

/* An op with the types that it has in a node. */
typedef struct PermafrostOp {
  PermafrostText name;
  const PermafrostTypes* types;
  size_t type_count;
  const PermafrostTensor* inputs;
  size_t input_count;
  const PermafrostTensor* outputs;
  size_t output_count;
} PermafrostOp;

/* Room for a sentence: `data` holds `capacity` bytes, 1024 or more, and `size` is how many of them were written; 0 at
 * the call. No zero ends it. */
typedef struct PermafrostSentence {
  char* data;
  size_t capacity;
  size_t size;
} PermafrostSentence;

/* What find_kernel answers. */
typedef enum PermafrostKernelState {
  PERMAFROST_NO_KERNEL = 0, /* the op has none, or none for these types: the reason says which */
  PERMAFROST_HAS_KERNEL = 1,
  PERMAFROST_UNKNOWN_OP = 2 /* the target has never heard of the op, which says nothing against it */
} PermafrostKernelState;

/* Where the tensors of a kernel are; and why there is none. */
typedef struct PermafrostKernel {
  uint8_t* host_inputs;  /* one byte an input, 0 at the call: set 1 where the kernel wants it in host memory */
  uint8_t* host_outputs; /* likewise */
  PermafrostSentence reason;
} PermafrostKernel;

/* A node that would be placed on a device of the target. */
typedef struct PermafrostNode {
  PermafrostText name;
  const PermafrostOp* op;
  uint32_t device; /* index */
} PermafrostNode;

/* How a target wants a constant. */
typedef struct PermafrostConstant {
  int32_t dtype;      /* that of the graph at the call; another one asks for a conversion */
  uint32_t alignment; /* bytes, a power of two below 2^20; 1 at the call */
} PermafrostConstant;

/* The memory of its devices is the host's: nothing crosses a bus on the way there. */
#define PERMAFROST_DEVICE_IS_HOST 1u

typedef struct PermafrostDeviceTarget {
  uint32_t struct_size; /* sizeof(PermafrostDeviceTarget): a later header of this version may have more members */
  uint32_t flags;
  /* What --place calls it: up to 64 lower-case letters, digits and underscores, a letter first; not `clear` or `keep`,
   * and no other target's. */
  const char* name;
  /* The type in its device strings, of such characters in either case, GPU; no other target's, so not CPU, GPU or NPU,
   * in any case. */
  const char* device_type;
  void* context; /* handed back at every call */

  /* Writes the device string of a device, as "/device:GPU:1", to `text` and returns 1; or why there is no such device,
   * and returns 0. The string may begin with "/job:", "/replica:" and "/task:" parts, in this order, and ends with the
   * target's type and that index. */
  int32_t (*format_device)(void* context, uint32_t index, PermafrostSentence* text);

  /* A PermafrostKernelState. */
  int32_t (*find_kernel)(void* context, const PermafrostOp* op, PermafrostKernel* kernel);

  /* May be NULL: constants are wanted as they are. */
  void (*want_constant)(void* context, PermafrostConstant* constant);

  /* May be NULL: no node is refused that has a kernel. Returns 1 to refuse, with a reason, else 0. */
  int32_t (*veto)(void* context, const PermafrostNode* node, PermafrostSentence* reason);
} PermafrostDeviceTarget;

typedef struct PermafrostDevicePlugin {
  uint32_t abi_version;  /* PERMAFROST_DEVICE_ABI_VERSION; looked at before anything else */
  uint32_t target_count; /* 1 to 256 */
  const PermafrostDeviceTarget* const* targets;
} PermafrostDevicePlugin;

#if defined(_WIN32)
#define PERMAFROST_DEVICE_EXPORT __declspec(dllexport)
#else
#define PERMAFROST_DEVICE_EXPORT __attribute__((visibility("default")))
#endif

/* The one symbol of a plugin. Must give the same answer every time. */
PERMAFROST_DEVICE_EXPORT const PermafrostDevicePlugin* permafrost_device_plugin(void);

#ifdef __cplusplus
}
#endif
/* NOLINTEND(modernize-use-using) */

#endif
