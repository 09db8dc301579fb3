#include "placement_columns.h"

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "devices/op_work.h"
#include "devices/placement/check_problem.h"
#include "devices/registry.h"
#include "to_error.h"
#include "typed_array.h"

namespace permafrost::addon {

namespace {

using devices::Problem;

[[noreturn]] void Refuse(Napi::Env env, const char* why) { throw Napi::RangeError::New(env, why); }

// What JavaScript calls the column, as the memory that it is in.
template <typename Array, typename Element>
std::span<const Element> Column(const Napi::Object& columns, const char* name, napi_typedarray_type type) {
  const auto array = TypedArrayOf<Array>(columns.Get(name), type);
  return {array.Data(), array.ElementLength()};
}

std::span<const std::int32_t> Int32s(const Napi::Object& columns, const char* name) {
  return Column<Napi::Int32Array, std::int32_t>(columns, name, napi_int32_array);
}

std::span<const std::uint32_t> Uint32s(const Napi::Object& columns, const char* name) {
  return Column<Napi::Uint32Array, std::uint32_t>(columns, name, napi_uint32_array);
}

std::span<const std::uint8_t> Bytes(const Napi::Object& columns, const char* name) {
  return Column<Napi::Uint8Array, std::uint8_t>(columns, name, napi_uint8_array);
}

std::vector<std::string> Texts(const Napi::Object& columns, const char* name) {
  const Napi::Value value = columns.Get(name);
  if (!value.IsArray()) throw Napi::TypeError::New(columns.Env(), "an array of strings was expected");
  const auto array = value.As<Napi::Array>();
  std::vector<std::string> texts(array.Length());
  for (std::uint32_t i = 0; i < array.Length(); ++i) {
    const Napi::Value text = array.Get(i);
    if (!text.IsString()) throw Napi::TypeError::New(columns.Env(), "an array of strings was expected");
    texts[i] = text.As<Napi::String>().Utf8Value();
  }
  return texts;
}

// Ends that rise, row by row, up to exactly `size`.
std::span<const std::uint32_t> Ends(const Napi::Object& columns, const char* name, std::size_t rows, std::size_t size) {
  const auto ends = Uint32s(columns, name);
  if (ends.size() != rows || (rows == 0 ? 0 : ends.back()) != size || !std::ranges::is_sorted(ends)) {
    Refuse(columns.Env(), "ends of rows that do not fit their column");
  }
  return ends;
}

std::size_t Begin(std::span<const std::uint32_t> ends, std::size_t row) { return row == 0 ? 0 : ends[row - 1]; }

struct TensorNames {
  const char* names;
  const char* dtypes;
  const char* ends;
};

void ReadTensors(const Napi::Object& columns, const TensorNames& column,
                 std::vector<devices::OpTensor> devices::OpKind::* to, std::vector<devices::OpKind>& kinds) {
  std::vector<std::string> names = Texts(columns, column.names);
  const auto dtypes = Int32s(columns, column.dtypes);
  if (names.size() != dtypes.size()) Refuse(columns.Env(), "columns of tensors that differ in length");
  const auto ends = Ends(columns, column.ends, kinds.size(), dtypes.size());
  for (std::size_t kind = 0; kind < kinds.size(); ++kind) {
    for (std::size_t i = Begin(ends, kind); i < ends[kind]; ++i) {
      (kinds[kind].*to).push_back({std::move(names[i]), dtypes[i]});
    }
  }
}

std::vector<devices::OpKind> ReadKinds(const Napi::Object& columns) {
  std::vector<std::string> names = Texts(columns, "kindNames");
  std::vector<devices::OpKind> kinds(names.size());
  for (std::size_t i = 0; i < names.size(); ++i) kinds[i].name = std::move(names[i]);
  std::vector<std::string> types = Texts(columns, "typeNames");
  const auto type_ends = Ends(columns, "typeEnds", kinds.size(), types.size());
  const auto dtypes = Int32s(columns, "dtypes");
  const auto dtype_ends = Ends(columns, "dtypeEnds", types.size(), dtypes.size());
  for (std::size_t kind = 0; kind < kinds.size(); ++kind) {
    for (std::size_t i = Begin(type_ends, kind); i < type_ends[kind]; ++i) {
      const auto of_type = dtypes.subspan(Begin(dtype_ends, i), dtype_ends[i] - Begin(dtype_ends, i));
      kinds[kind].types.push_back({std::move(types[i]), {of_type.begin(), of_type.end()}});
    }
  }
  ReadTensors(columns, {"inputNames", "inputDtypes", "inputEnds"}, &devices::OpKind::inputs, kinds);
  ReadTensors(columns, {"outputNames", "outputDtypes", "outputEnds"}, &devices::OpKind::outputs, kinds);
  return kinds;
}

const devices::Target* FindTarget(Napi::Env env, const std::string& name) {
  const Result<const devices::Target*> target = devices::FindTarget(name);
  if (!target.ok()) throw ToError(env, target.status());
  return target.value();
}

void ReadDevices(const Napi::Object& columns, PlacementColumns& to) {
  const std::vector<std::string> names = Texts(columns, "targets");
  const auto indexes = Uint32s(columns, "indexes");
  const auto next = Int32s(columns, "next");
  if (indexes.size() != names.size() || next.size() != names.size()) {
    Refuse(columns.Env(), "columns of devices that differ in length");
  }
  to.indexes.assign(indexes.begin(), indexes.end());
  for (std::size_t i = 0; i < names.size(); ++i) {
    const devices::Target* target = FindTarget(columns.Env(), names[i]);
    const auto found = std::ranges::find(to.targets, target);
    const auto column = static_cast<std::size_t>(found - to.targets.begin());
    if (found == to.targets.end()) to.targets.push_back(target);
    to.problem.devices.push_back({column, target->is_host(), next[i]});
  }
  to.problem.target_count = to.targets.size();
  const Napi::Value preferred = columns.Get("preferred");
  if (!preferred.IsNumber()) throw Napi::TypeError::New(columns.Env(), "a number was expected: preferred");
  to.problem.preferred = preferred.As<Napi::Number>().Int32Value();
}

void ReadEdges(const Napi::Object& columns, Problem& problem) {
  problem.producers = Int32s(columns, "producers");
  problem.outputs = Int32s(columns, "outputs");
  problem.consumers = Int32s(columns, "consumers");
  problem.inputs = Int32s(columns, "inputs");
  problem.bytes = Column<Napi::Float64Array, double>(columns, "bytes", napi_float64_array);
  problem.bond_firsts = Int32s(columns, "bondFirsts");
  problem.bond_seconds = Int32s(columns, "bondSeconds");
}

void ReadNames(const Napi::Object& columns, PlacementColumns& to) {
  const auto names = Bytes(columns, "names");
  to.names = {reinterpret_cast<const char*>(names.data()), names.size()};
  const bool are_given = Uint32s(columns, "nameEnds").size() > 0;
  to.name_ends = Ends(columns, "nameEnds", are_given ? to.problem.kinds_of_nodes.size() : 0, names.size());
}

}  // namespace

std::string_view PlacementColumns::NameOf(std::size_t node) const {
  if (name_ends.empty()) return {};
  const std::size_t begin = Begin(name_ends, node);
  return names.substr(begin, name_ends[node] - begin);
}

PlacementColumns ReadPlacementColumns(const Napi::Object& columns) {
  PlacementColumns read;
  Problem& problem = read.problem;
  problem.kinds = ReadKinds(columns);
  for (const devices::OpKind& kind : problem.kinds) problem.work.push_back(devices::WorkOf(kind.name));
  ReadDevices(columns, read);
  problem.kinds_of_nodes = Int32s(columns, "kinds");
  problem.asked = Int32s(columns, "asked");
  ReadNames(columns, read);
  ReadEdges(columns, problem);
  if (const std::optional<std::string> defect = devices::FindDefect(problem)) Refuse(columns.Env(), defect->c_str());
  return read;
}

}  // namespace permafrost::addon
