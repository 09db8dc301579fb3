#include "io/mapped_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <utility>

#include "temporary_folder.h"
#include "wire.h"

namespace permafrost {
namespace {

using test::TemporaryFolder;

TEST(MappedFileTest, LendsTheBytesOfAFile) {
  const TemporaryFolder folder;
  test::WriteFile(folder / "file", "some bytes");
  const auto file = MappedFile::Open(folder / "file");
  ASSERT_TRUE(file.ok()) << file.status().message();
  EXPECT_EQ(test::Text(file.value().bytes()), "some bytes");
}

TEST(MappedFileTest, AnEmptyFileIsAnEmptySpan) {
  const TemporaryFolder folder;
  test::WriteFile(folder / "file", "");
  const auto file = MappedFile::Open(folder / "file");
  ASSERT_TRUE(file.ok()) << file.status().message();
  EXPECT_TRUE(file.value().bytes().empty());
}

TEST(MappedFileTest, TheMappingMovesWithItsOwner) {
  const TemporaryFolder folder;
  test::WriteFile(folder / "file", "some bytes");
  MappedFile file = MappedFile::Open(folder / "file").value();
  MappedFile moved = std::move(file);
  EXPECT_TRUE(file.bytes().empty());  // NOLINT(bugprone-use-after-move,clang-analyzer-cplusplus.Move)
  MappedFile assigned;
  assigned = std::move(moved);
  EXPECT_EQ(test::Text(assigned.bytes()), "some bytes");
}

TEST(MappedFileTest, TheBytesOutliveTheName) {
  const TemporaryFolder folder;
  test::WriteFile(folder / "file", "some bytes");
  const MappedFile file = MappedFile::Open(folder / "file").value();
  std::filesystem::remove(folder / "file");
  EXPECT_EQ(test::Text(file.bytes()), "some bytes");
}

TEST(MappedFileTest, AMissingFileIsReportedAsTheCallerWishes) {
  const TemporaryFolder folder;
  const auto plain = MappedFile::Open(folder / "none");
  EXPECT_EQ(plain.status().code(), StatusCode::kReadFailed);
  EXPECT_EQ(plain.status().message(), "file missing (no such file): " + folder / "none");
  const auto shard = MappedFile::Open(folder / "none", {StatusCode::kShardMissing, "shard missing"});
  EXPECT_EQ(shard.status().code(), StatusCode::kShardMissing);
  EXPECT_EQ(shard.status().message(), "shard missing (no such file): " + folder / "none");
}

TEST(MappedFileTest, WhatIsNotARegularFileIsRefused) {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder / "folder");
  EXPECT_EQ(MappedFile::Open(folder / "folder").status().message(),
            "file unreadable (a directory): " + folder / "folder");
  // Opening a FIFO for reading would wait for a writer for ever.
  ASSERT_EQ(::mkfifo((folder / "fifo").c_str(), 0600), 0);
  EXPECT_EQ(MappedFile::Open(folder / "fifo").status().message(),
            "file unreadable (not a regular file): " + folder / "fifo");
}

TEST(MappedFileTest, AFileWithoutPermissionSaysSo) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may read everything";
  const TemporaryFolder folder;
  test::WriteFile(folder / "file", "secret");
  ASSERT_EQ(::chmod((folder / "file").c_str(), 0), 0);
  EXPECT_EQ(MappedFile::Open(folder / "file").status().message(),
            "file unreadable (Permission denied): " + folder / "file");
}

}  // namespace
}  // namespace permafrost
