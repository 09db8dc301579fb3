#include "place_nodes.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <variant>
#include <vector>

#include "devices/ask_targets.h"
#include "devices/placement/crossings.h"
#include "devices/placement/placement.h"
#include "placement_columns.h"
#include "promise_worker.h"

namespace permafrost::addon {

namespace {

using devices::Contradiction;
using devices::Placement;

struct PlacementJob {
  PlacementColumns columns;
  // The object that the columns' memory belongs to.
  Napi::ObjectReference pinned;
};

struct Placed {
  std::variant<Placement, Contradiction> outcome;
  std::vector<std::uint8_t> crossings;
};

// On the worker thread.
Result<Placed> Run(PlacementColumns& columns) {
  devices::Problem& problem = columns.problem;
  Status status = devices::AskAboutKinds(columns.targets, problem);
  if (!status.ok()) return status;
  const auto name_of = [&columns](std::size_t node) { return columns.NameOf(node); };
  status = devices::AskAboutNodes(columns.targets, columns.indexes, name_of, problem);
  if (!status.ok()) return status;
  Placed placed{devices::Place(problem), {}};
  if (const auto* placement = std::get_if<Placement>(&placed.outcome)) {
    placed.crossings = devices::FindCrossings(problem, placement->devices);
  }
  return placed;
}

Napi::Int32Array ToArray(Napi::Env env, const std::vector<std::int32_t>& values) {
  auto array = Napi::Int32Array::New(env, values.size());
  std::ranges::copy(values, array.Data());
  return array;
}

Napi::Object ToObject(Napi::Env env, const Contradiction& contradiction) {
  Napi::Object inner = Napi::Object::New(env);
  inner["first"] = contradiction.first;
  inner["second"] = contradiction.second;
  inner["path"] = ToArray(env, contradiction.path);
  Napi::Object object = Napi::Object::New(env);
  object["contradiction"] = inner;
  return object;
}

Napi::Object ToObject(Napi::Env env, const Placement& placement, const std::vector<std::uint8_t>& crossings) {
  auto causes = Napi::Uint8Array::New(env, placement.causes.size());
  std::ranges::transform(placement.causes, causes.Data(),
                         [](devices::Cause cause) { return static_cast<std::uint8_t>(cause); });
  auto reasons = Napi::Array::New(env, placement.reasons.size());
  for (std::uint32_t i = 0; i < placement.reasons.size(); ++i) reasons.Set(i, placement.reasons[i]);
  auto crossing_column = Napi::Uint8Array::New(env, crossings.size());
  std::ranges::copy(crossings, crossing_column.Data());
  Napi::Object object = Napi::Object::New(env);
  object["devices"] = ToArray(env, placement.devices);
  object["causes"] = causes;
  object["reasonsOfNodes"] = ToArray(env, placement.reasons_of_nodes);
  object["reasons"] = reasons;
  object["culprits"] = ToArray(env, placement.culprits);
  object["crossings"] = crossing_column;
  object["isCutShort"] = placement.is_cut_short;
  return object;
}

}  // namespace

Napi::Value PlaceNodes(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (!info[0].IsObject()) throw Napi::TypeError::New(env, "placeNodes(columns: PlacementColumns)");
  const auto columns = info[0].As<Napi::Object>();
  auto job = std::make_shared<PlacementJob>();
  job->columns = ReadPlacementColumns(columns);
  job->pinned = Napi::Persistent(columns);
  return PromiseWorker<Placed>::Run(
      env, "permafrost.placeNodes", [job] { return Run(job->columns); },
      [](Napi::Env at, const Placed& placed) -> Napi::Value {
        if (const auto* contradiction = std::get_if<Contradiction>(&placed.outcome))
          return ToObject(at, *contradiction);
        return ToObject(at, std::get<Placement>(placed.outcome), placed.crossings);
      });
}

}  // namespace permafrost::addon
