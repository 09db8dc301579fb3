// Several threads that share one list of jobs.
#pragma once

#include <cstddef>
#include <functional>

#include "status.h"

namespace permafrost {

// Calls `job` for all numbers below `count`, on this thread and up to `threads - 1` others, until one fails. Returns
// the failure of the lowest number that failed.
Status ForEachJob(std::size_t count, unsigned threads, const std::function<Status(std::size_t index)>& job);

}  // namespace permafrost
