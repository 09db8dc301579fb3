#include "io/input_file.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "temporary_folder.h"

namespace permafrost {
namespace {

using test::TemporaryFolder;

std::string Read(const InputFile& file, std::uint64_t offset, std::size_t size) {
  std::string bytes(size, ' ');
  const Status status = file.ReadAt(offset, std::as_writable_bytes(std::span(bytes)));
  return status.ok() ? bytes : status.message();
}

TEST(InputFileTest, ReadsAnywhere) {
  const TemporaryFolder folder;
  test::WriteFile(folder / "f", "0123456789");
  const auto file = InputFile::Open(folder / "f");
  ASSERT_TRUE(file.ok()) << file.status().message();
  EXPECT_EQ(file.value().size(), 10u);
  EXPECT_EQ(Read(file.value(), 0, 10), "0123456789");
  EXPECT_EQ(Read(file.value(), 7, 3), "789");
  EXPECT_EQ(Read(file.value(), 10, 0), "");
}

TEST(InputFileTest, AFileThatWasCutShortIsAnError) {
  const TemporaryFolder folder;
  test::WriteFile(folder / "f", "0123456789");
  const auto file = InputFile::Open(folder / "f");
  ASSERT_TRUE(file.ok()) << file.status().message();
  std::filesystem::resize_file(folder / "f", 6);
  EXPECT_EQ(Read(file.value(), 2, 4), "2345");
  EXPECT_EQ(Read(file.value(), 2, 5),
            "file unreadable (it ends at 6 bytes and was longer when it was opened): " + folder / "f");
}

TEST(InputFileTest, OnlyFilesCanBeOpened) {
  const TemporaryFolder folder;
  EXPECT_EQ(InputFile::Open(folder / "none", {StatusCode::kShardMissing, "shard missing"}).status().message(),
            "shard missing (no such file): " + folder / "none");
  EXPECT_EQ(InputFile::Open(folder / "").status().message(), "file unreadable (a directory): " + folder / "");
}

}  // namespace
}  // namespace permafrost
