// How much an op computes, as far as placement cares.
#pragma once

#include <string_view>

#include "devices/placement/problem.h"

namespace permafrost::devices {

Work WorkOf(std::string_view op);

}  // namespace permafrost::devices
