#include "devices/builtin_targets.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "devices/kernels/op_table.h"
#include "devices/kernels/table_texts.h"
#include "tensor/dtype.h"

namespace permafrost::devices {
namespace {

// Of a text that is compiled in, read when it is first needed. The tests of the texts hold that none has a fault.
template <const std::string_view& text>
const OpTable& Table() {
  static const OpTable table = std::get<OpTable>(OpTable::Parse(text));
  return table;
}

struct BuiltIn {
  const char* name;
  const char* device_type;
  // How many devices a machine may have. No program is refused for them, only what can be nothing but a typing error.
  std::uint32_t devices;
  // What float32 constants are wanted as.
  DataType floats;
  // Of its constants, in bytes.
  std::uint32_t alignment;
  const OpTable& (*table)();
};

// - CPU: TensorFlow puts no limit on its logical CPUs; 256 is ours. Its allocators align to 64 bytes
//   (Allocator::kAllocatorAlignment, xla/tsl/framework/allocator.h), as AVX-512 wants it.
// - GPU: NVIDIA's driver knows 32 in a machine (NV_MAX_DEVICES, nvlimits.h of open-gpu-kernel-modules), each of which
//   TensorFlow may split into logical ones. CUDA's memory is aligned to 256 bytes (CUDA C++ Programming Guide, "Device
//   Memory Accesses"), as is what TensorFlow cuts of it (BFCAllocator::kMinAllocationSize).
// - NPU: Ascend's driver knows 64 (DEVDRV_MAX_DAVINCI_NUM). aclrtMalloc aligns to 64 bytes (CANN 8.0, AscendCL). Its
//   cube units compute in float16.
constexpr BuiltIn kCpu = {"cpu", "CPU", 256, DataType::kFloat32, 64, Table<kCpuTable>};
constexpr BuiltIn kGpu = {"gpu", "GPU", 256, DataType::kFloat32, 256, Table<kGpuTable>};
constexpr BuiltIn kNpu = {"npu", "NPU", 64, DataType::kFloat16, 64, Table<kNpuTable>};

std::string_view View(PermafrostText text) { return {text.data, text.size}; }

const BuiltIn& Self(void* context) { return *static_cast<const BuiltIn*>(context); }

void Write(std::string_view text, PermafrostSentence& sentence) {
  sentence.size = std::min(text.size(), sentence.capacity);
  std::memcpy(sentence.data, text.data(), sentence.size);
}

std::int32_t FormatDevice(void* context, std::uint32_t index, PermafrostSentence* text) {
  const BuiltIn& self = Self(context);
  if (index >= self.devices) {
    Write(std::string(self.name) + " devices have numbers from 0 to " + std::to_string(self.devices - 1), *text);
    return 0;
  }
  Write("/device:" + std::string(self.device_type) + ":" + std::to_string(index), *text);
  return 1;
}

// Those of `tensors` that have one of these names; there are no names where nobody described the op.
void MarkHosts(std::span<const std::string_view> names, std::span<const PermafrostTensor> tensors,
               std::uint8_t* hosts) {
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    if (std::ranges::find(names, View(tensors[i].argument)) != names.end()) hosts[i] = 1;
  }
}

std::int32_t FindKernel(void* context, const PermafrostOp* op, PermafrostKernel* kernel) {
  const OpTable& table = Self(context).table();
  const std::string_view name = View(op->name);
  std::vector<NodeTypes> types;
  for (const PermafrostTypes& each : std::span(op->types, op->type_count)) {
    types.push_back({View(each.attribute), {each.dtypes, each.count}});
  }
  const OpTable::Answer answer = table.Find(name, types);
  switch (answer.state) {
    case KernelState::kUnknownOp:
      return PERMAFROST_UNKNOWN_OP;
    case KernelState::kNone:
      Write(table.WhyNot(name, types), kernel->reason);
      return PERMAFROST_NO_KERNEL;
    case KernelState::kExists:
      break;
  }
  MarkHosts(answer.host_arguments, {op->inputs, op->input_count}, kernel->host_inputs);
  MarkHosts(answer.host_arguments, {op->outputs, op->output_count}, kernel->host_outputs);
  return PERMAFROST_HAS_KERNEL;
}

void WantConstant(void* context, PermafrostConstant* constant) {
  const BuiltIn& self = Self(context);
  if (constant->dtype == static_cast<std::int32_t>(DataType::kFloat32)) {
    constant->dtype = static_cast<std::int32_t>(self.floats);
  }
  constant->alignment = self.alignment;
}

PermafrostDeviceTarget TargetOf(const BuiltIn& self, std::uint32_t flags) {
  return {sizeof(PermafrostDeviceTarget),
          flags,
          self.name,
          self.device_type,
          const_cast<BuiltIn*>(&self),  // a context is nobody's but ours
          FormatDevice,
          FindKernel,
          WantConstant,
          nullptr};
}

}  // namespace

const PermafrostDevicePlugin* BuiltInPlugin() {
  static const std::array<PermafrostDeviceTarget, 3> targets = {TargetOf(kCpu, PERMAFROST_DEVICE_IS_HOST),
                                                                TargetOf(kGpu, 0), TargetOf(kNpu, 0)};
  static const std::array<const PermafrostDeviceTarget*, 3> pointers = {&targets[0], &targets[1], &targets[2]};
  static const PermafrostDevicePlugin plugin = {PERMAFROST_DEVICE_ABI_VERSION, pointers.size(), pointers.data()};
  return &plugin;
}

}  // namespace permafrost::devices
