// Reads a table of kernels (devices/tables): the sets that it names, then a row for each kernel of each op.
//
//   # a comment
//   floats = float16 bfloat16 float32 float64
//   ArgMax  T=floats,int32  output_type=int64  host=dimension
//   NoOp
//
// Words are parted by spaces. A set is made of dtypes, as TensorFlow's Python calls them, and of sets above it; sets
// come before rows, and rows in the order of their ops, as bytes. A row says after the op which dtypes an attribute may
// be, and after `host` which inputs and outputs are in host memory.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace permafrost::devices {

// A bit for each number of DataType.
using DtypeSet = std::uint64_t;

struct DtypeConstraint {
  std::string_view attribute;
  DtypeSet allowed = 0;
};

struct OpRow {
  std::string_view op;
  std::vector<DtypeConstraint> constraints;  // one at most for an attribute
  std::vector<std::string_view> host_arguments;
};

// What is wrong with a table, and in which line, counted from 1.
struct TableFault {
  std::size_t line = 0;
  std::string reason;
};

// The rows' names are parts of `text`, which must be good as long as they are.
std::variant<std::vector<OpRow>, TableFault> ReadOpRows(std::string_view text);

}  // namespace permafrost::devices
