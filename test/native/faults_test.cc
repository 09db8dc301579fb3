// Every call to the system fails once, at every point of a freeze: no crash, the right code, the old output or the new
// one, whole, and nothing else beside it.
#include "faults.h"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <map>
#include <set>
#include <string>

#include "small_freeze.h"

namespace permafrost {
namespace {

using test::Fault;
using test::Faults;
using test::SmallFreeze;
using test::SmallKind;
using test::SmallLayout;

// What a signal may cut short, and the system would do when asked again.
const std::set<std::string> kRepeated = {"open", "pread", "pwrite", "fallocate", "fsync"};

// All calls that a freeze makes, so that none is left out without anybody noticing.
std::set<std::string> CallsOf(const SmallFreeze& freeze) {
  std::set<std::string> names = {"close", "fstat", "fsync", "getentropy", "open", "pread", "pwrite", "rename", "stat"};
  if (freeze.layout == SmallLayout::kFolder) {
    names.insert({"chmod", "mkdir", "statvfs"});
  } else {
    names.insert("fallocate");
    if (freeze.has_old) names.insert("fchmod");
  }
  return names;
}

class FaultsTest : public test::SmallFreezeTest {
 protected:
  // All that is beside the checkpoint.
  std::size_t Count() const {
    const std::filesystem::directory_iterator names(out_);
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
      // The same freeze until then, so the fault has struck where it was meant to.
      ASSERT_GT(faults.calls().size(), fault.call);
      EXPECT_EQ(faults.calls()[fault.call].name, call);
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

  std::map<std::string, std::size_t> failures_;
};

TEST_P(FaultsTest, LeaveTheOldOutputOrTheNewOne) {
  Prepare();
  std::vector<std::string> calls;
  {
    const Faults counting;
    const Status status = Freeze();
    ASSERT_TRUE(status.ok()) << status.message();
    for (const test::Call& call : counting.calls()) calls.push_back(call.name);
  }
  EXPECT_EQ(std::set(calls.begin(), calls.end()), CallsOf(GetParam()));
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

TEST_P(FaultsTest, TheTargetIsTheOldOneOrTheNewOneBeforeEachCall) {
  Prepare();
  const std::string old = State();
  std::vector<std::string> states;
  {
    const Faults watching([&](const test::Call&) { states.push_back(State()); });
    const Status status = Freeze();
    ASSERT_TRUE(status.ok()) << status.message();
  }
  const std::string right = State();
  for (const std::string& state : states) EXPECT_TRUE(state == old || state == right) << state;
  EXPECT_EQ(states.front(), old);
  EXPECT_EQ(states.back(), right);
}

// Without fsync, only this call says that what was written is lost.
TEST_P(FaultsTest, ACloseOfTheOutputThatFailsIsHeardOf) {
  const auto freeze = [&] {
    return test::FreezeSmallModel(in_, GetParam().kind, target_, GetParam().layout, false).status();
  };
  Prepare();
  std::vector<test::Call> calls;
  {
    const Faults counting;
    const Status status = freeze();
    ASSERT_TRUE(status.ok()) << status.message();
    calls = counting.calls();
  }
  std::size_t closed = 0;
  for (std::size_t i = 0; i < calls.size(); ++i) {
    if (calls[i].name != "close" || !calls[i].path.starts_with(out_ + "/.permafrost-")) continue;
    ++closed;
    Prepare();
    const Faults failing(Fault{i, EIO, {}});
    const Status status = freeze();
    EXPECT_TRUE(status.message().starts_with("close failed (")) << calls[i].path << ": " << status.message();
  }
  EXPECT_GT(closed, 0u);
}

TEST_P(FaultsTest, NothingIsOpenInAProgramThatIsStartedMeanwhile) {
  Prepare();
  const Faults counting;
  const Status status = Freeze();
  ASSERT_TRUE(status.ok()) << status.message();
  for (const test::Call& call : counting.calls()) {
    EXPECT_TRUE(call.name != "open" || (call.flags & O_CLOEXEC) != 0) << call.path;
  }
}

INSTANTIATE_TEST_SUITE_P(Freezes, FaultsTest,
                         ::testing::Values(SmallFreeze{SmallKind::kBundle, SmallLayout::kFile, false},
                                           SmallFreeze{SmallKind::kBundle, SmallLayout::kFile, true},
                                           SmallFreeze{SmallKind::kBundle, SmallLayout::kFolder, false},
                                           SmallFreeze{SmallKind::kBundle, SmallLayout::kFolder, true},
                                           SmallFreeze{SmallKind::kV1, SmallLayout::kFile, true},
                                           SmallFreeze{SmallKind::kV1, SmallLayout::kFolder, false}));

}  // namespace
}  // namespace permafrost
