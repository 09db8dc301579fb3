#include "devices/kernels/op_table.h"

#include <algorithm>

#include "tensor/dtype.h"

namespace permafrost::devices {
namespace {

// The largest number that a DtypeSet has a bit for.
constexpr std::int32_t kLargestDtype = 63;

bool Allows(DtypeSet allowed, std::int32_t dtype) {
  if (dtype == 0) return true;
  return dtype > 0 && dtype <= kLargestDtype && ((allowed >> static_cast<unsigned>(dtype)) & 1u) != 0;
}

bool Allows(const DtypeConstraint& constraint, const NodeTypes& types) {
  return types.attribute != constraint.attribute ||
         std::ranges::all_of(types.dtypes, [&](std::int32_t dtype) { return Allows(constraint.allowed, dtype); });
}

bool Allows(const OpRow& row, const NodeTypes& types) {
  return std::ranges::all_of(row.constraints, [&](const auto& constraint) { return Allows(constraint, types); });
}

bool Constrains(const OpRow& row, const NodeTypes& types) {
  return std::ranges::find(row.constraints, types.attribute, &DtypeConstraint::attribute) != row.constraints.end();
}

bool AnyAllows(std::span<const OpRow> rows, const NodeTypes& types) {
  return std::ranges::any_of(rows, [&](const OpRow& row) { return Allows(row, types); });
}

// As "T=float64"; of a list only the dtypes that no row allows, where there are such.
std::string Describe(std::span<const OpRow> rows, const NodeTypes& types) {
  std::vector<std::int32_t> named;
  const auto name = [&](auto&& belongs) {
    for (const std::int32_t& dtype : types.dtypes) {
      if (std::ranges::find(named, dtype) == named.end() && belongs(dtype)) named.push_back(dtype);
    }
  };
  name([&](const std::int32_t& dtype) { return !AnyAllows(rows, {types.attribute, {&dtype, 1}}); });
  if (named.empty()) name([](std::int32_t) { return true; });
  std::string text(types.attribute);
  for (std::size_t i = 0; i < named.size(); ++i) {
    text += i == 0 ? '=' : ',';
    text += DataTypeName(static_cast<DataType>(named[i]));
  }
  return text;
}

}  // namespace

OpTable::OpTable(std::vector<OpRow> rows) : rows_(std::move(rows)) {
  // The rows of an op are side by side, since they are in order.
  for (std::size_t i = 0; i < rows_.size(); ++i) ++rows_of_ops_.try_emplace(rows_[i].op, i, 0).first->second.second;
}

std::variant<OpTable, TableFault> OpTable::Parse(std::string_view text) {
  std::variant<std::vector<OpRow>, TableFault> rows = ReadOpRows(text);
  if (auto* const fault = std::get_if<TableFault>(&rows)) return std::move(*fault);
  return OpTable(std::get<0>(std::move(rows)));
}

std::span<const OpRow> OpTable::RowsOf(std::string_view op) const {
  const auto found = rows_of_ops_.find(op);
  if (found == rows_of_ops_.end()) return {};
  return std::span(rows_).subspan(found->second.first, found->second.second);
}

OpTable::Answer OpTable::Find(std::string_view op, std::span<const NodeTypes> types) const {
  const std::span<const OpRow> rows = RowsOf(op);
  const auto fits = [&](const OpRow& row) {
    return std::ranges::all_of(types, [&](const NodeTypes& each) { return Allows(row, each); });
  };
  const auto row = std::ranges::find_if(rows, fits);
  if (row != rows.end()) return {KernelState::kExists, row->host_arguments};
  return {rows.empty() ? KernelState::kUnknownOp : KernelState::kNone, {}};
}

std::string OpTable::WhyNot(std::string_view op, std::span<const NodeTypes> types) const {
  const std::span<const OpRow> rows = RowsOf(op);
  if (rows.empty()) return "no kernel for this op";
  std::vector<NodeTypes> guilty;
  const auto collect = [&](auto&& is_guilty) { std::ranges::copy_if(types, std::back_inserter(guilty), is_guilty); };
  collect([&](const NodeTypes& each) { return !AnyAllows(rows, each); });
  if (guilty.empty()) {
    collect([&](const NodeTypes& each) {
      return std::ranges::any_of(rows, [&](const OpRow& row) { return Constrains(row, each); });
    });
  }
  std::string text = "no kernel for ";
  for (std::size_t i = 0; i < guilty.size(); ++i) {
    text += (i == 0 ? "" : " together with ") + Describe(rows, guilty[i]);
  }
  return text;
}

}  // namespace permafrost::devices
