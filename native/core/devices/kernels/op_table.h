// Which kernels a device target has: a table of devices/tables, read once and asked often.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include "devices/kernels/op_rows.h"
#include "devices/op_kind.h"

namespace permafrost::devices {

// A type attribute of a node: one dtype, or as many as it lists. Numbers of DataType; 0 where it is not known.
struct NodeTypes {
  std::string_view attribute;
  std::span<const std::int32_t> dtypes;
};

class OpTable {
 public:
  // `text` must be good as long as the table is.
  static std::variant<OpTable, TableFault> Parse(std::string_view text);

  struct Answer {
    KernelState state = KernelState::kUnknownOp;
    // Inputs and outputs, by their names in the OpDef. Good as long as the table is.
    std::span<const std::string_view> host_arguments;
  };

  // The first row of the op that allows all the types. What is not known of a node is not held against it: neither an
  // attribute that is not among `types`, nor a dtype of 0.
  Answer Find(std::string_view op, std::span<const NodeTypes> types) const;

  // Where Find finds no kernel: "no kernel for this op", "no kernel for T=float64", or, where there is one for each
  // type but none for all, "no kernel for T=float64 together with Tidx=int16".
  std::string WhyNot(std::string_view op, std::span<const NodeTypes> types) const;

  std::size_t op_count() const { return rows_of_ops_.size(); }
  std::span<const OpRow> rows() const { return rows_; }

 private:
  explicit OpTable(std::vector<OpRow> rows);

  std::span<const OpRow> RowsOf(std::string_view op) const;

  std::vector<OpRow> rows_;
  // By op: the first row and how many there are.
  std::unordered_map<std::string_view, std::pair<std::size_t, std::size_t>> rows_of_ops_;
};

}  // namespace permafrost::devices
