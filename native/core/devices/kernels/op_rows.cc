#include "devices/kernels/op_rows.h"

#include <algorithm>
#include <optional>
#include <unordered_map>
#include <utility>

#include "devices/kernels/table_lines.h"
#include "tensor/dtype.h"
#include "text.h"

namespace permafrost::devices {
namespace {

constexpr std::string_view kHost = "host";

std::vector<std::string_view> Split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (std::size_t end = text.find(separator); end != std::string_view::npos; end = text.find(separator)) {
    parts.push_back(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  parts.push_back(text);
  return parts;
}

// Each function gives the reason where something is wrong, else nothing.
using Fault = std::optional<std::string>;

class Reader {
 public:
  Fault Read(const std::vector<std::string_view>& words) {
    return words.size() > 1 && words[1] == "=" ? ReadSet(words) : ReadRow(words);
  }

  std::vector<OpRow> TakeRows() { return std::move(rows_); }

 private:
  Fault ReadSet(const std::vector<std::string_view>& words) {
    const std::string_view name = words[0];
    if (!rows_.empty()) return "the set " + Quoted(name) + " comes after a row";
    if (DataTypeNamed(name).has_value()) return "the set " + Quoted(name) + " has the name of a dtype";
    if (words.size() == 2) return "the set " + Quoted(name) + " is empty";
    DtypeSet set = 0;
    for (std::size_t i = 2; i < words.size(); ++i) {
      if (Fault fault = Add(words[i], set)) return fault;
    }
    if (!sets_.emplace(name, set).second) return "the set " + Quoted(name) + " is there twice";
    return std::nullopt;
  }

  Fault ReadRow(const std::vector<std::string_view>& words) {
    OpRow row;
    row.op = words[0];
    if (row.op.find('=') != std::string_view::npos) return "expected an op but found " + Quoted(row.op);
    if (!rows_.empty() && row.op < rows_.back().op) {
      return Quoted(row.op) + " comes after " + Quoted(rows_.back().op) + ", which is not their order";
    }
    for (std::size_t i = 1; i < words.size(); ++i) {
      if (Fault fault = ReadField(words[i], row)) return fault;
    }
    rows_.push_back(std::move(row));
    return std::nullopt;
  }

  Fault ReadField(std::string_view word, OpRow& row) {
    const std::size_t sign = word.find('=');
    if (sign == std::string_view::npos || sign == 0) return "expected name=values but found " + Quoted(word);
    const std::string_view name = word.substr(0, sign);
    const std::vector<std::string_view> values = Split(word.substr(sign + 1), ',');
    if (std::ranges::any_of(values, &std::string_view::empty)) return "an empty value in " + Quoted(word);
    if (name == kHost) {
      if (!row.host_arguments.empty()) return Quoted(kHost) + " is there twice";
      row.host_arguments = values;
      return std::nullopt;
    }
    if (std::ranges::find(row.constraints, name, &DtypeConstraint::attribute) != row.constraints.end()) {
      return "the attribute " + Quoted(name) + " is there twice";
    }
    DtypeConstraint constraint{name};
    for (const std::string_view value : values) {
      if (Fault fault = Add(value, constraint.allowed)) return fault;
    }
    row.constraints.push_back(constraint);
    return std::nullopt;
  }

  // Adds a dtype, or the dtypes of a set.
  Fault Add(std::string_view name, DtypeSet& set) const {
    if (const auto found = sets_.find(name); found != sets_.end()) {
      set |= found->second;
      return std::nullopt;
    }
    const std::optional<DataType> dtype = DataTypeNamed(name);
    if (!dtype.has_value()) return Quoted(name) + " is neither a dtype nor a set";
    set |= DtypeSet{1} << static_cast<unsigned>(*dtype);
    return std::nullopt;
  }

  std::unordered_map<std::string_view, DtypeSet> sets_;
  std::vector<OpRow> rows_;
};

}  // namespace

std::variant<std::vector<OpRow>, TableFault> ReadOpRows(std::string_view text) {
  Reader reader;
  for (const TableLine& line : LinesOf(text)) {
    if (Fault fault = reader.Read(line.words)) return TableFault{line.number, *std::move(fault)};
  }
  return reader.TakeRows();
}

}  // namespace permafrost::devices
