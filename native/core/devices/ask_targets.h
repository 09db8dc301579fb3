// Asks device targets all that placement wants to know of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>

#include "devices/placement/problem.h"
#include "devices/target.h"
#include "status.h"

namespace permafrost::devices {

// Fills `answers`: each target is asked once about each kind. `targets` are those that the problem's devices name. Each
// answer has a reason, also where the target gave none.
Status AskAboutKinds(std::span<const Target* const> targets, Problem& problem);

// Fills `vetoes`: each target that refuses is asked about each node on each of its devices that it has a kernel for, or
// whose op it does not know. `indexes`: by device; `name_of`: by node.
Status AskAboutNodes(std::span<const Target* const> targets, std::span<const std::uint32_t> indexes,
                     const std::function<std::string_view(std::size_t)>& name_of, Problem& problem);

}  // namespace permafrost::devices
