#include "plan/crew.h"

#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <new>
#include <set>
#include <string>
#include <thread>

namespace permafrost {
namespace {

TEST(CrewTest, EveryJobIsDoneOnce) {
  for (const unsigned threads : {1u, 2u, 8u}) {
    std::mutex mutex;
    std::multiset<std::size_t> done;
    const Status status = ForEachJob(100, threads, [&](std::size_t index) -> Status {
      const std::lock_guard lock(mutex);
      done.insert(index);
      return {};
    });
    EXPECT_TRUE(status.ok());
    EXPECT_EQ(done.size(), 100u);
    EXPECT_EQ(std::set<std::size_t>(done.begin(), done.end()).size(), 100u);
  }
  EXPECT_TRUE(ForEachJob(0, 4, [](std::size_t) { return Status(StatusCode::kAborted, "none"); }).ok());
}

TEST(CrewTest, TheFirstFailureCounts) {
  std::atomic<int> done = 0;
  const Status status = ForEachJob(1000, 4, [&](std::size_t index) -> Status {
    ++done;
    if (index < 10) return {};
    return {StatusCode::kReadFailed, std::to_string(index)};
  });
  EXPECT_EQ(status.message(), "10");
  // Each thread ends with its own failure.
  EXPECT_LE(done, 14);
}

TEST(CrewTest, ASingleThreadIsTheCallers) {
  const auto caller = std::this_thread::get_id();
  const Status status = ForEachJob(3, 1, [&](std::size_t) -> Status {
    EXPECT_EQ(std::this_thread::get_id(), caller);
    return {};
  });
  EXPECT_TRUE(status.ok());
}

TEST(CrewTest, WhatAJobThrowsIsThrownToTheCaller) {
  for (const unsigned threads : {1u, 4u}) {
    EXPECT_THROW(static_cast<void>(ForEachJob(100, threads,
                                              [](std::size_t index) -> Status {
                                                if (index > 5) throw std::bad_alloc();
                                                return {};
                                              })),
                 std::bad_alloc);
  }
}

}  // namespace
}  // namespace permafrost
