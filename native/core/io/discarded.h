// What is left of files that are not wanted after all.
#pragma once

#include <vector>

#include "io/unique_fd.h"

namespace permafrost {

// They have no names any more, and the file system frees what they hold when the last of these is closed. That takes up
// to half a second a gigabyte, for which nobody should have to wait.
using Discarded = std::vector<UniqueFd>;

}  // namespace permafrost
