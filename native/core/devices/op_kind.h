// An op with the types that it has in some nodes of a graph, and what a target answers when it is asked about it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace permafrost::devices {

// A type attribute of a node: one DataType number, or as many as it lists.
struct TypeAttribute {
  std::string name;
  std::vector<std::int32_t> dtypes;
};

// One input or output.
struct OpTensor {
  std::string argument;    // its name in the OpDef; empty where nobody described the op
  std::int32_t dtype = 0;  // 0: unknown
};

struct OpKind {
  std::string name;
  std::vector<TypeAttribute> types;
  std::vector<OpTensor> inputs;
  std::vector<OpTensor> outputs;
};

enum class KernelState : std::uint8_t { kNone, kExists, kUnknownOp };

// Of one target, about one kind of op.
struct KernelAnswer {
  KernelState state = KernelState::kUnknownOp;
  std::vector<bool> host_inputs;   // by input: the kernel wants it in host memory
  std::vector<bool> host_outputs;  // by output
  std::string reason;              // why there is none, where there is none
};

}  // namespace permafrost::devices
