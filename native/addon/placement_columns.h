// The graph that JavaScript wants placed, as columns: `PlacementColumns` of src/native-placement.ts.
#pragma once

#include <napi.h>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "devices/placement/problem.h"
#include "devices/target.h"

namespace permafrost::addon {

// The columns' memory belongs to JavaScript: whoever uses the problem on another thread keeps the object alive, and
// nobody may write to it meanwhile.
struct PlacementColumns {
  // Without answers and vetoes.
  devices::Problem problem;
  // The columns of `problem.answers`.
  std::vector<const devices::Target*> targets;
  // By device: its number among those of its target.
  std::vector<std::uint32_t> indexes;

  // Empty where JavaScript gave no names.
  std::string_view NameOf(std::size_t node) const;

  // By node, back to back.
  std::string_view names;
  std::span<const std::uint32_t> name_ends;
};

// Throws where the columns do not fit together.
PlacementColumns ReadPlacementColumns(const Napi::Object& columns);

}  // namespace permafrost::addon
