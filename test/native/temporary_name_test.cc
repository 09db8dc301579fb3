// What an output is before it is in place: nobody else's name is taken for it, and nobody else can look into it.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "faults.h"
#include "small_freeze.h"

namespace permafrost {
namespace {

namespace fs = std::filesystem;

using test::Call;
using test::Faults;
using test::SmallFreeze;
using test::SmallKind;
using test::SmallLayout;

bool IsMaking(const Call& call) { return call.name == "mkdir" || (call.flags & O_CREAT) != 0; }

class TemporaryNameTest : public test::SmallFreezeTest {
 protected:
  // All calls of a freeze with whatever happens to it.
  std::vector<Call> CallsOf(const Faults& faults) const {
    const Status status = Freeze();
    EXPECT_TRUE(status.ok()) << status.message();
    return faults.calls();
  }
};

TEST_P(TemporaryNameTest, ANameThatIsTakenAtTheLastMomentIsLeftToItsOwner) {
  Prepare();
  const std::vector<Call> calls = CallsOf(Faults());
  const std::string right = State();
  const auto making = std::ranges::find_if(calls, IsMaking) - calls.begin();
  Prepare();
  std::string taken;
  const auto take = [&](const Call& call) {
    taken = call.path;
    test::WriteFile(taken, "theirs");
  };
  CallsOf(Faults(test::Fault{static_cast<std::size_t>(making), {}, take}));
  EXPECT_EQ(State(), right);
  EXPECT_EQ(fs::path(taken).parent_path(), out_);
  ASSERT_TRUE(fs::exists(taken));
  EXPECT_EQ(test::ReadFile(taken), "theirs");
}

TEST_P(TemporaryNameTest, NothingIsMadeWhereSomethingIs) {
  Prepare();
  std::size_t made = 0;
  for (const Call& call : CallsOf(Faults())) {
    if (call.name != "open" || !IsMaking(call)) continue;
    EXPECT_NE(call.flags & O_EXCL, 0) << call.path;
    ++made;
  }
  EXPECT_EQ(made, GetParam().layout == SmallLayout::kFile ? 1u : 4u);
}

TEST_P(TemporaryNameTest, WhatTakesThePlaceOfAPrivateOneIsPrivateAtAllTimes) {
  Prepare();
  fs::permissions(target_, GetParam().layout == SmallLayout::kFile ? fs::perms(0600) : fs::perms(0700));
  const mode_t before = ::umask(0);
  std::size_t looks = 0;
  CallsOf(Faults([&](const Call& call) {
    for (const auto& entry : fs::directory_iterator(out_)) {
      EXPECT_EQ(entry.status().permissions() & fs::perms(0077), fs::perms::none) << call.name << " " << entry.path();
      looks += entry.path() == target_ ? 0 : 1;
    }
  }));
  ::umask(before);
  EXPECT_GT(looks, 0u);
}

INSTANTIATE_TEST_SUITE_P(Freezes, TemporaryNameTest,
                         ::testing::Values(SmallFreeze{SmallKind::kBundle, SmallLayout::kFile, true},
                                           SmallFreeze{SmallKind::kBundle, SmallLayout::kFolder, true}));

}  // namespace
}  // namespace permafrost
