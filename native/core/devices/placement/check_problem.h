// Whether the columns of a problem fit together, so that placement needs to look at no number twice.
#pragma once

#include <optional>
#include <string>

#include "devices/placement/problem.h"

namespace permafrost::devices {

// What is wrong with the problem, if anything is: columns of different lengths, numbers of things that do not exist, a
// chain of devices that comes back, more nodes or edges than a graph can have. `answers` and `vetoes`, which the core
// itself fills in, are not looked at.
std::optional<std::string> FindDefect(const Problem& problem);

}  // namespace permafrost::devices
