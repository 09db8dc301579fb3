#include "io/new_folder.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "not_root.h"
#include "temporary_folder.h"
#include "wire.h"

namespace permafrost {
namespace {

namespace fs = std::filesystem;
using test::Bytes;
using test::NotRoot;
using test::TemporaryFolder;
using Names = std::vector<std::string>;

const std::vector<FolderFile> kFiles{{"graph.pb", 5}, {"weights/a/1", 2}, {"weights/2", 0}};

Status Fill(NewFolder& folder) {
  for (const auto& [file, offset, text] : std::vector<std::tuple<std::size_t, std::uint64_t, std::string_view>>{
           {1, 1, "2"}, {0, 0, "graph"}, {1, 0, "1"}}) {
    if (Status status = folder.WriteAt(file, offset, Bytes(text)); !status.ok()) return status;
  }
  return {};
}

// Writes the files to `target` and returns the message of what failed, if anything did.
std::string Write(const std::string& target, bool durable = false) {
  auto folder = NewFolder::Create(target, kFiles);
  if (!folder.ok()) return folder.status().message();
  const Status status = Fill(folder.value());
  return status.ok() ? folder.value().Commit(durable).message() : status.message();
}

void ExpectFiles(const std::string& target) {
  EXPECT_EQ(test::ReadFile(target + "/graph.pb"), "graph");
  EXPECT_EQ(test::ReadFile(target + "/weights/a/1"), "12");
  EXPECT_EQ(test::ReadFile(target + "/weights/2"), "");
}

TEST(NewFolderTest, AppearsAtItsTarget) {
  const TemporaryFolder folder;
  for (const bool durable : {false, true}) {
    const std::string target = folder / (durable ? "durable" : "out");
    EXPECT_EQ(Write(target, durable), "");
    ExpectFiles(target);
  }
  EXPECT_EQ(folder.Names(), (Names{"durable", "out"}));
}

TEST(NewFolderTest, TakesThePlaceOfAnEmptyFolderAndItsPermissions) {
  const TemporaryFolder folder;
  fs::create_directory(folder / "out");
  fs::permissions(folder / "out", fs::perms::owner_all);
  EXPECT_EQ(Write(folder / "out/"), "");
  ExpectFiles(folder / "out");
  EXPECT_EQ(fs::status(folder / "out").permissions(), fs::perms::owner_all);
}

// The mode of a folder that took the place of an empty one with that mode.
unsigned ModeAfter(const TemporaryFolder& folder, unsigned mode) {
  const std::string target = folder / "out";
  fs::remove_all(target);
  fs::create_directory(target);
  fs::permissions(target, fs::perms(mode));
  EXPECT_EQ(Write(target), "");
  const auto after = static_cast<unsigned>(fs::status(target).permissions());
  fs::permissions(target, fs::perms::owner_all);
  return after;
}

TEST(NewFolderTest, KeepsThePermissionsThatTheUmaskWouldTake) {
  const TemporaryFolder folder;
  const mode_t before = ::umask(022);
  for (const unsigned mode : {02775u, 01777u, 0700u, 0555u}) EXPECT_EQ(ModeAfter(folder, mode), mode);
  fs::remove_all(folder / "out");
  EXPECT_EQ(Write(folder / "out"), "");
  EXPECT_EQ(fs::status(folder / "out").permissions(), fs::perms(0755));
  ::umask(before);
}

// The folder that is being made, the only one there.
std::string InTheMaking(const TemporaryFolder& folder) { return folder / folder.Names().front(); }

// To the victim, where the file was.
void PutLinkInPlace(const TemporaryFolder& folder) {
  const std::string file = InTheMaking(folder) + "/graph.pb";
  fs::remove(file);
  fs::create_symlink(folder / "victim", file);
}

TEST(NewFolderTest, NobodyElseCanLookInUntilItIsInPlace) {
  const TemporaryFolder folder;
  const mode_t before = ::umask(0);
  for (const unsigned mode : {0u, 02777u}) {
    const std::string target = folder / "to/out";
    fs::create_directories(folder / "to");
    if (mode != 0) {
      fs::create_directory(target);
      fs::permissions(target, fs::perms(mode));
    }
    auto made = NewFolder::Create(target, kFiles);
    ASSERT_TRUE(made.ok()) << made.status().message();
    for (const auto& entry : fs::directory_iterator(folder / "to")) {
      if (entry.path().filename() == "out") continue;
      EXPECT_EQ(entry.status().permissions() & fs::perms::all, fs::perms::owner_all);
    }
    EXPECT_TRUE(Fill(made.value()).ok());
    EXPECT_TRUE(made.value().Commit(false).ok());
    EXPECT_EQ(fs::status(target).permissions(), fs::perms(mode == 0 ? 0777 : mode));
    fs::remove_all(folder / "to");
  }
  ::umask(before);
}

TEST(NewFolderTest, TakesItsGroupsBitFromTheFolderThatItIsIn) {
  const TemporaryFolder folder;
  fs::create_directory(folder / "shared");
  fs::permissions(folder / "shared", fs::perms(02770));
  const mode_t before = ::umask(027);
  EXPECT_EQ(Write(folder / "shared/out"), "");
  fs::create_directory(folder / "shared/as-usual");
  ::umask(before);
  EXPECT_EQ(fs::status(folder / "shared/out").permissions(), fs::status(folder / "shared/as-usual").permissions());
}

TEST(NewFolderTest, WhatIsInItHasTheGroupThatItHandsDown) {
  const gid_t other = 65534;
  const TemporaryFolder folder;
  fs::create_directory(folder / "shared");
  if (::chown((folder / "shared").c_str(), static_cast<uid_t>(-1), other) != 0) GTEST_SKIP() << "no other group here";
  fs::permissions(folder / "shared", fs::perms(02770));
  const std::string target = folder / "shared/out";
  fs::create_directory(target);
  fs::permissions(target, fs::perms(02770));
  EXPECT_EQ(Write(target), "");
  struct stat info{};
  for (const FolderFile& file : kFiles) {
    ASSERT_EQ(::stat((target + "/" + file.path).c_str(), &info), 0);
    EXPECT_EQ(info.st_gid, other) << file.path;
  }
}

TEST(NewFolderTest, ALinkThatTookItsPlaceIsNotPutInPlace) {
  const TemporaryFolder folder;
  auto made = NewFolder::Create(folder / "out", kFiles);
  ASSERT_TRUE(made.ok()) << made.status().message();
  ASSERT_TRUE(Fill(made.value()).ok());
  const std::string temporary = InTheMaking(folder);
  fs::rename(temporary, folder / "elsewhere");
  fs::create_directory_symlink(folder / "elsewhere", temporary);
  EXPECT_EQ(made.value().Commit(true).message(), "fsync failed (Not a directory): " + folder / "out");
  EXPECT_FALSE(fs::exists(folder / "out"));
}

TEST(NewFolderTest, WhatNobodyMayListOrWriteToIsRemovedAllTheSame) {
  const TemporaryFolder folder;
  {
    const NotRoot not_root(folder / "");
    if (::geteuid() == 0) GTEST_SKIP() << "cannot become anybody but root";
    fs::create_directory(folder / "out");
    fs::permissions(folder / "out", fs::perms(0500));
    auto made = NewFolder::Create(folder / "out", kFiles);
    ASSERT_TRUE(made.ok()) << made.status().message();
    ASSERT_TRUE(Fill(made.value()).ok());
    // What fails after it has its mode.
    fs::permissions(folder / "out", fs::perms(0700));
    test::WriteFile(folder / "out/mine", "x");
    EXPECT_FALSE(made.value().Commit(false).ok());
  }
  EXPECT_EQ(folder.Names(), Names{"out"});
}

TEST(NewFolderTest, AFolderInItThatCannotBeListedForFsyncIsToldAsSuch) {
  const TemporaryFolder folder;
  const NotRoot not_root(folder / "");
  if (::geteuid() == 0) GTEST_SKIP() << "cannot become anybody but root";
  auto made = NewFolder::Create(folder / "out", kFiles);
  ASSERT_TRUE(made.ok()) << made.status().message();
  ASSERT_TRUE(Fill(made.value()).ok());
  const std::string inner = InTheMaking(folder) + "/weights";
  fs::permissions(inner, fs::perms(0300));
  EXPECT_EQ(made.value().Commit(true).message(),
            "folder not readable, which fsync needs (Permission denied): " + folder / "out");
  fs::permissions(inner, fs::perms(0700));
}

TEST(NewFolderTest, WritesThroughNoLink) {
  const TemporaryFolder folder;
  test::WriteFile(folder / "victim", "whole");
  auto made = NewFolder::Create(folder / "out", kFiles);
  ASSERT_TRUE(made.ok()) << made.status().message();
  PutLinkInPlace(folder);
  EXPECT_EQ(made.value().WriteAt(0, 0, Bytes("graph")).message(),
            "file not opened (Too many levels of symbolic links): " + folder / "out");
  EXPECT_EQ(made.value().Commit(true).code(), StatusCode::kWriteFailed);
  EXPECT_EQ(test::ReadFile(folder / "victim"), "whole");
}

TEST(NewFolderTest, RefusesAFolderWithSomethingInItAndWhatIsNone) {
  const TemporaryFolder folder;
  fs::create_directory(folder / "full");
  test::WriteFile(folder / "full/mine", "x");
  test::WriteFile(folder / "file", "x");
  EXPECT_EQ(Write(folder / "full"), "target not writable (a directory that is not empty): " + folder / "full");
  EXPECT_EQ(Write(folder / "file"), "target not writable (not a directory, and the output is one): " + folder / "file");
  EXPECT_EQ(Write(folder / "no/out"), "target not writable (No such file or directory): " + folder / "no/out");
  fs::create_directory(folder / "empty");
  for (const char* name : {"empty/.", "empty/.."}) {
    EXPECT_EQ(Write(folder / name), "target not writable (not the name of a directory): " + folder / name);
  }
  EXPECT_EQ(Write(""), "target not writable (not the name of a directory): ");
  EXPECT_EQ(Write("/"), "target not writable (not the name of a directory): /");
  EXPECT_EQ(folder.Names(), (Names{"empty", "file", "full"}));
}

TEST(NewFolderTest, AFileAndAFolderOfOneNameAreRefused) {
  const TemporaryFolder folder;
  const auto made = NewFolder::Create(folder / "out", std::vector<FolderFile>{{"a", 0}, {"a/b", 0}});
  // Each C++ library says in its own words why a file is no folder.
  const std::string& message = made.status().message();
  EXPECT_TRUE(message.starts_with("target not writable (")) << message;
  EXPECT_TRUE(message.ends_with("): " + folder / "out")) << message;
  EXPECT_EQ(folder.Names(), Names{});
}

TEST(NewFolderTest, ANameThatIsTooLongIsRefusedAtOnce) {
  const TemporaryFolder folder;
  const std::string target = folder / std::string(256, 'x');
  for (const Status& status : {NewFolder::Create(target, kFiles).status(), NewFolder::Check(target, kFiles)}) {
    EXPECT_EQ(status.message(), "target not writable (File name too long): " + target);
  }
}

TEST(NewFolderTest, WhatCannotBeMadeIsKnownWithoutATrace) {
  const TemporaryFolder folder;
  EXPECT_TRUE(NewFolder::Check(folder / "out", kFiles).ok());
  EXPECT_EQ(NewFolder::Check(folder / "no/out", kFiles).message(),
            "target not writable (No such file or directory): " + folder / "no/out");
  const std::uint64_t size = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(NewFolder::Check(folder / "out", std::vector<FolderFile>{{"a", size}}).message(),
            "no room for the output (No space left on device, 9223372036854775807 bytes): " + folder / "out");
  EXPECT_EQ(folder.Names(), Names{});
}

TEST(NewFolderTest, ALinkStandsForWhatItPointsTo) {
  const TemporaryFolder folder;
  fs::create_symlink("real/", folder / "link");
  EXPECT_EQ(Write(folder / "link"), "");
  ExpectFiles(folder / "real");
  EXPECT_TRUE(fs::is_symlink(folder / "link"));
}

TEST(NewFolderTest, WithoutACommitNothingIsLeft) {
  const TemporaryFolder folder;
  {
    auto made = NewFolder::Create(folder / "out", kFiles);
    ASSERT_TRUE(made.ok());
    EXPECT_TRUE(made.value().WriteAt(0, 0, Bytes("graph")).ok());
    EXPECT_EQ(folder.Names().size(), 1u);
    const NewFolder moved = std::move(made.value());
    EXPECT_EQ(folder.Names().size(), 1u);
  }
  EXPECT_EQ(folder.Names(), Names{});
}

TEST(NewFolderTest, WhatFillsTheFolderMeanwhileIsKept) {
  const TemporaryFolder folder;
  auto made = NewFolder::Create(folder / "out", kFiles);
  ASSERT_TRUE(made.ok());
  ASSERT_TRUE(Fill(made.value()).ok());
  fs::create_directory(folder / "out");
  test::WriteFile(folder / "out/mine", "x");
  EXPECT_EQ(made.value().Commit(false).message(),
            "target not writable (Directory not empty: somebody else wrote there meanwhile): " + folder / "out");
  EXPECT_EQ(test::ReadFile(folder / "out/mine"), "x");
}

TEST(NewFolderTest, AFileThatIsTakenAwayMeanwhileIsMissed) {
  const TemporaryFolder folder;
  for (const bool durable : {false, true}) {
    auto made = NewFolder::Create(folder / "out", kFiles);
    ASSERT_TRUE(made.ok()) << made.status().message();
    ASSERT_TRUE(made.value().WriteAt(0, 0, Bytes("gra")).ok());
    fs::remove(folder / folder.Names().front() + "/" + kFiles[0].path);
    const Status status = durable ? made.value().Commit(true) : made.value().WriteAt(0, 3, Bytes("ph"));
    EXPECT_EQ(status.code(), StatusCode::kWriteFailed);
    EXPECT_NE(status.message().find("No such file or directory"), std::string::npos) << status.message();
  }
}

// What the commit of a folder says after `change` to one of its files, when all were written.
std::string CommitAfter(bool durable, std::size_t file, const std::function<void(const std::string& path)>& change) {
  const TemporaryFolder folder;
  auto made = NewFolder::Create(folder / "out", kFiles);
  if (!made.ok()) return made.status().message();
  if (const Status status = Fill(made.value()); !status.ok()) return status.message();
  change(folder / folder.Names().front() + "/" + kFiles[file].path);
  const Status status = made.value().Commit(durable);
  EXPECT_TRUE(status.ok() || status.code() == StatusCode::kWriteFailed) << CodeName(status.code());
  EXPECT_EQ(fs::exists(folder / "out"), status.ok());
  return status.message().substr(0, status.message().find("): "));
}

TEST(NewFolderTest, AFileThatIsNotAsItWasWrittenIsMissedAtTheEnd) {
  const auto remove = [](const std::string& path) { fs::remove(path); };
  const auto resize = [](std::uintmax_t size) {
    return [size](const std::string& path) { fs::resize_file(path, size); };
  };
  for (const bool durable : {false, true}) {
    EXPECT_EQ(CommitAfter(durable, 0, [](const std::string&) {}), "");
    EXPECT_EQ(CommitAfter(durable, 1, resize(1)), "weights/a/1 not as it was written (1 bytes in place of 2");
    EXPECT_EQ(CommitAfter(durable, 2, resize(3)), "weights/2 not as it was written (3 bytes in place of 0");
  }
  // What is synced is missed sooner.
  EXPECT_EQ(CommitAfter(true, 0, remove), "fsync failed (No such file or directory");
  for (std::size_t file = 0; file < kFiles.size(); ++file) {
    EXPECT_EQ(CommitAfter(false, file, remove),
              kFiles[file].path + " not as it was written (No such file or directory");
  }
}

TEST(NewFolderTest, ADiskThatIsTooSmallIsKnownBeforeAnythingIsWritten) {
  const TemporaryFolder folder;
  const std::uint64_t size = std::numeric_limits<std::int64_t>::max();
  const auto made = NewFolder::Create(folder / "out", std::vector<FolderFile>{{"a", size}});
  EXPECT_EQ(made.status().message(),
            "no room for the output (No space left on device, 9223372036854775807 bytes): " + folder / "out");
  EXPECT_EQ(folder.Names(), Names{});
}

TEST(NewFolderTest, WhatIsDiscardedHasNoNameAndIsStillOpen) {
  const TemporaryFolder folder;
  auto files = NewFolder::Create(folder / "out", kFiles);
  ASSERT_TRUE(files.ok()) << files.status().message();
  ASSERT_TRUE(files.value().WriteAt(0, 0, Bytes("graph")).ok());
  Discarded discarded;
  files.value().Discard(discarded);
  EXPECT_EQ(folder.Names(), Names{});
  ASSERT_EQ(discarded.size(), kFiles.size());
  struct stat info{};
  ASSERT_EQ(::fstat(discarded.front().get(), &info), 0);
  EXPECT_EQ(info.st_nlink, 0u);
  EXPECT_EQ(info.st_size, 5);
}

TEST(NewFolderTest, OfVeryManyFilesNotAllAreOpenWhenTheyAreDiscarded) {
  const TemporaryFolder folder;
  std::vector<FolderFile> files;
  for (int i = 0; i < 100; ++i) files.push_back({std::to_string(i), 0});
  auto made = NewFolder::Create(folder / "out", files);
  ASSERT_TRUE(made.ok()) << made.status().message();
  Discarded discarded;
  made.value().Discard(discarded);
  EXPECT_EQ(discarded.size(), 64u);
  EXPECT_EQ(folder.Names(), Names{});
}

TEST(NewFolderTest, ALinkIsDiscardedAndNotWhatItPointsTo) {
  const TemporaryFolder folder;
  test::WriteFile(folder / "victim", "whole");
  auto made = NewFolder::Create(folder / "out", kFiles);
  ASSERT_TRUE(made.ok()) << made.status().message();
  PutLinkInPlace(folder);
  Discarded discarded;
  made.value().Discard(discarded);
  EXPECT_EQ(discarded.size(), kFiles.size() - 1);
  EXPECT_EQ(folder.Names(), Names{"victim"});
}

}  // namespace
}  // namespace permafrost
