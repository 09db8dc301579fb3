// Every call to the system fails once, at every point of a freeze: no crash, the right code, the old output or the new
// one, whole, and nothing else beside it.
#include "faults.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <map>
#include <set>
#include <string>

#include "small_model.h"
#include "temporary_folder.h"

namespace permafrost {
namespace {

using test::Fault;
using test::Faults;
using test::SmallKind;
using test::SmallLayout;
using test::TemporaryFolder;

// What a signal may cut short, and the system would do when asked again.
const std::set<std::string> kRepeated = {"open", "pread", "pwrite", "fallocate", "fsync"};

struct Case {
  SmallKind kind;
  SmallLayout layout;
  bool has_old;
};

class FaultsTest : public ::testing::TestWithParam<Case> {
 protected:
  FaultsTest() {
    std::filesystem::create_directory(folder_ / "in");
    std::filesystem::create_directory(folder_ / "out");
    test::WriteSmallModel(folder_ / "in", GetParam().kind);
  }

  // The target as it is before a freeze.
  void Prepare() {
    std::filesystem::remove_all(target_);
    if (!GetParam().has_old) return;
    if (GetParam().layout == SmallLayout::kFile) {
      test::WriteFile(target_, "old");
    } else {
      std::filesystem::create_directory(target_);
    }
  }

  Status Freeze() {
    return test::FreezeSmallModel(folder_ / "in", GetParam().kind, target_, GetParam().layout, true).status();
  }

  // All that is beside the checkpoint.
  std::size_t Count() const {
    const std::filesystem::directory_iterator names(folder_ / "out");
    return static_cast<std::size_t>(std::distance(begin(names), end(names)));
  }

  // Freezes with the fault and looks at what is left.
  void FreezeWith(const Fault& fault, const std::string& call, const std::string& right) {
    Prepare();
    const std::string before = test::ContentsOf(target_);
    const std::size_t count = Count();
    Status status;
    {
      const Faults faults(fault);
      status = Freeze();
    }
    const std::string after = test::ContentsOf(target_);
    if (status.ok()) {
      EXPECT_EQ(after, right);
      EXPECT_EQ(Count(), 1u);
      return;
    }
    ++failures_[call];
    EXPECT_TRUE(status.code() == StatusCode::kReadFailed || status.code() == StatusCode::kWriteFailed)
        << CodeName(status.code()) << ": " << status.message();
    const bool is_reading = call == "pread" || call == "fstat";
    const bool is_writing = !is_reading && call != "open";
    EXPECT_TRUE(!is_reading || status.code() == StatusCode::kReadFailed) << status.message();
    EXPECT_TRUE(!is_writing || status.code() == StatusCode::kWriteFailed) << status.message();
    if (status.message().starts_with("output in place")) {
      EXPECT_EQ(after, right);
      EXPECT_EQ(Count(), 1u);
    } else {
      EXPECT_EQ(after, before);
      EXPECT_EQ(Count(), count);
    }
    const bool is_short = !fault.error;
    const bool is_interrupted = fault.error == EINTR && kRepeated.contains(call);
    EXPECT_FALSE(is_short || is_interrupted) << status.message();
    EXPECT_FALSE(call == "statvfs") << status.message();
  }

  TemporaryFolder folder_;
  std::string target_ = folder_ / "out/target";
  std::map<std::string, std::size_t> failures_;
};

TEST_P(FaultsTest, LeaveTheOldOutputOrTheNewOne) {
  Prepare();
  std::vector<std::string> calls;
  {
    const Faults counting;
    const Status status = Freeze();
    ASSERT_TRUE(status.ok()) << status.message();
    calls = counting.calls();
  }
  const std::string right = test::ContentsOf(target_);
  ASSERT_FALSE(right.empty());
  std::size_t runs = 0;
  for (std::size_t call = 0; call < calls.size(); ++call) {
    for (const std::optional<int> error : {std::optional(EIO), std::optional(ENOSPC), std::optional(EINTR), {}}) {
      const bool can_be_short = calls[call] == "pread" || calls[call] == "pwrite";
      if (!error && !can_be_short) continue;
      SCOPED_TRACE(calls[call] + ", call " + std::to_string(call) + ", errno " + std::to_string(error.value_or(0)));
      FreezeWith({call, error, {}}, calls[call], right);
      ++runs;
    }
  }
  std::size_t failed = 0;
  for (const auto& [name, count] : failures_) failed += count;
  std::printf("%zu calls, %zu runs with a fault, %zu of them failed\n", calls.size(), runs, failed);
  for (const char* name : {"pread", "pwrite", "open", "fsync", "rename", "fstat"}) {
    EXPECT_GT(failures_[name], 0u) << name;
  }
}

INSTANTIATE_TEST_SUITE_P(Freezes, FaultsTest,
                         ::testing::Values(Case{SmallKind::kBundle, SmallLayout::kFile, false},
                                           Case{SmallKind::kBundle, SmallLayout::kFile, true},
                                           Case{SmallKind::kBundle, SmallLayout::kFolder, false},
                                           Case{SmallKind::kBundle, SmallLayout::kFolder, true},
                                           Case{SmallKind::kV1, SmallLayout::kFile, true},
                                           Case{SmallKind::kV1, SmallLayout::kFolder, false}));

}  // namespace
}  // namespace permafrost
