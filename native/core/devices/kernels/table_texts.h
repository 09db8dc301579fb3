// The texts of devices/tables, which CMake compiles in.
#pragma once

#include <string_view>

namespace permafrost::devices {

extern const std::string_view kCpuTable;
extern const std::string_view kGpuTable;
extern const std::string_view kNpuTable;
extern const std::string_view kHeavyOps;
extern const std::string_view kFreeOps;

}  // namespace permafrost::devices
