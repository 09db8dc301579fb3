#include "plan/crew.h"

#include <algorithm>
#include <atomic>
#include <limits>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace permafrost {

Status ForEachJob(std::size_t count, unsigned threads, const std::function<Status(std::size_t index)>& job) {
  std::atomic<std::size_t> next{0};
  std::mutex mutex;
  Status failure;
  std::size_t failed = std::numeric_limits<std::size_t>::max();
  const auto work = [&] {
    for (std::size_t index = next++; index < count; index = next++) {
      Status status = job(index);
      if (status.ok()) continue;
      const std::lock_guard lock(mutex);
      if (index < failed) {
        failed = index;
        failure = std::move(status);
      }
      next = count;  // Jobs are begun in order, so what is begun after this is of no interest.
    }
  };
  {
    std::vector<std::jthread> others;
    for (std::size_t i = 1; i < std::min<std::size_t>(threads, count); ++i) {
      try {
        others.emplace_back(work);
      } catch (const std::system_error&) {  // no more threads to be had: fewer do
        break;
      }
    }
    work();
  }
  return failure;
}

}  // namespace permafrost
