// What stands where a file of the checkpoint should be, and is none: a pipe that nobody writes to would be waited for
// forever.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <string>

#include "faults.h"
#include "io/unique_fd.h"
#include "small_freeze.h"

namespace permafrost {
namespace {

namespace fs = std::filesystem;

using test::SmallFreeze;
using test::SmallKind;
using test::SmallLayout;

class InputsTest : public test::SmallFreezeTest {};

TEST_P(InputsTest, APipeInPlaceOfAnyFileIsRefused) {
  for (const auto& entry : fs::directory_iterator(in_)) {
    const std::string path = entry.path();
    const std::string moved = root_ + "/moved";
    fs::rename(path, moved);
    ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
    {
      // With a writer there is nothing to wait for: a test that fails should end, too.
      const UniqueFd writer(::open(path.c_str(), O_RDWR | O_CLOEXEC));
      ASSERT_TRUE(writer.valid());
      const Status status = Freeze();
      EXPECT_EQ(status.code(), StatusCode::kReadFailed);
      EXPECT_TRUE(status.message().starts_with("file unreadable (not a regular file): " + path)) << status.message();
    }
    fs::rename(moved, path);
  }
}

TEST_P(InputsTest, NoFileIsWaitedForWhenItIsOpened) {
  const test::Faults counting;
  const Status status = Freeze();
  ASSERT_TRUE(status.ok()) << status.message();
  std::size_t opened = 0;
  for (const test::Call& call : counting.calls()) {
    if (call.name != "open" || !call.path.starts_with(in_ + "/")) continue;
    EXPECT_NE(call.flags & O_NONBLOCK, 0) << call.path;
    ++opened;
  }
  const fs::directory_iterator files(in_);
  EXPECT_GE(opened, static_cast<std::size_t>(std::distance(begin(files), end(files))));
}

INSTANTIATE_TEST_SUITE_P(Kinds, InputsTest,
                         ::testing::Values(SmallFreeze{SmallKind::kBundle, SmallLayout::kFile, false},
                                           SmallFreeze{SmallKind::kV1, SmallLayout::kFile, false}));

}  // namespace
}  // namespace permafrost
