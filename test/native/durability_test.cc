// A durable freeze has all on the disk in time: each file and folder after its last change and before the rename, and
// the new name after it. That is the order of its calls to the system; the power itself nobody can cut here.
#include <fcntl.h>
#include <gtest/gtest.h>

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
using test::SmallFreeze;
using test::SmallKind;
using test::SmallLayout;

using Calls = std::vector<Call>;

// Where the last such call is before `end`; -1 where there is none.
template <typename IsSuch>
std::ptrdiff_t LastOf(const Calls& calls, std::ptrdiff_t end, IsSuch is_such) {
  for (std::ptrdiff_t i = end - 1; i >= 0; --i) {
    if (is_such(calls[static_cast<std::size_t>(i)])) return i;
  }
  return -1;
}

bool IsSync(const Call& call, const std::string& path) { return call.name == "fsync" && call.path == path; }

// Whether it changes what is at the path: its bytes, its permissions or, of a folder, the names in it.
bool Changes(const Call& call, const std::string& path) {
  if (call.name == "open" && (call.flags & O_CREAT) != 0) {
    return call.path == path || fs::path(call.path).parent_path() == path;
  }
  const bool changes = call.name == "pwrite" || call.name == "fallocate" || call.name == "mkdir" ||
                       call.name == "chmod" || call.name == "fchmod";
  return changes && call.path == path;
}

class DurabilityTest : public test::SmallFreezeTest {};

TEST_P(DurabilityTest, AllIsSyncedAfterItsLastChangeAndBeforeTheRename) {
  Prepare();
  Calls calls;
  {
    const test::Faults counting;
    const Status status = Freeze();
    ASSERT_TRUE(status.ok()) << status.message();
    calls = counting.calls();
  }
  const auto rename = std::ranges::find(calls, "rename", &Call::name) - calls.begin();
  ASSERT_LT(rename, std::ssize(calls));
  const std::string made = calls[static_cast<std::size_t>(rename)].path;
  std::vector<std::string> paths{made};
  if (fs::is_directory(target_)) {
    for (const auto& entry : fs::recursive_directory_iterator(target_)) {
      paths.push_back(made + entry.path().string().substr(target_.size()));
    }
  }
  for (const std::string& path : paths) {
    const auto changed = LastOf(calls, rename, [&](const Call& call) { return Changes(call, path); });
    const auto synced = LastOf(calls, rename, [&](const Call& call) { return IsSync(call, path); });
    EXPECT_GE(changed, 0) << path;
    EXPECT_GT(synced, changed) << path;
  }
  EXPECT_EQ(paths.size(), GetParam().layout == SmallLayout::kFile ? 1u : 6u);
  EXPECT_GT(LastOf(calls, std::ssize(calls), [&](const Call& call) { return IsSync(call, out_); }), rename);
}

INSTANTIATE_TEST_SUITE_P(Freezes, DurabilityTest,
                         ::testing::Values(SmallFreeze{SmallKind::kBundle, SmallLayout::kFile, true},
                                           SmallFreeze{SmallKind::kBundle, SmallLayout::kFolder, false},
                                           SmallFreeze{SmallKind::kBundle, SmallLayout::kFolder, true}));

}  // namespace
}  // namespace permafrost
