// Says of each node how it came to be where it is.
#pragma once

#include <cstdint>
#include <span>

#include "devices/placement/choices.h"
#include "devices/placement/groups.h"
#include "devices/placement/placement.h"
#include "devices/placement/problem.h"

namespace permafrost::devices {

// `devices`: by group, where it is; -1: left open.
Placement Explain(const Problem& problem, const Groups& groups, const Choices& choices,
                  std::span<const std::int32_t> devices);

}  // namespace permafrost::devices
