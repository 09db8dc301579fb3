#include "plan/crew.h"

#include <algorithm>
#include <atomic>
#include <exception>
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
  std::exception_ptr exception;
  const auto work_on = [&](std::size_t index) {
    Status status = job(index);
    if (status.ok()) return;
    const std::lock_guard lock(mutex);
    if (index < failed) {
      failed = index;
      failure = std::move(status);
    }
    next = count;  // Jobs are begun in order, so what is begun after this is of no interest.
  };
  // An exception that left a thread would end the process: it is the caller's to handle.
  const auto work = [&] {
    try {
      for (std::size_t index = next++; index < count; index = next++) work_on(index);
    } catch (...) {
      const std::lock_guard lock(mutex);
      exception = std::current_exception();
      next = count;
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
  if (exception) std::rethrow_exception(exception);
  return failure;
}

}  // namespace permafrost
