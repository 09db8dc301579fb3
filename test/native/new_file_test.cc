#include "io/new_file.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <filesystem>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "io/target.h"
#include "not_root.h"
#include "temporary_folder.h"
#include "wire.h"

#ifdef __linux__
// Stand in for the system's calls in this whole program, so that a test can have them fail.
namespace {
int close_error = 0;         // of regular files, which are closed all the same
int folder_fsync_error = 0;  // of folders

mode_t TypeOf(int fd) {
  struct stat info{};
  return ::fstat(fd, &info) == 0 ? info.st_mode & S_IFMT : 0;
}
}  // namespace

extern "C" int close(int fd) {
  const bool fails = close_error != 0 && TypeOf(fd) == S_IFREG;
  const auto result = static_cast<int>(::syscall(SYS_close, fd));
  if (!fails || result != 0) return result;
  errno = close_error;
  return -1;
}

extern "C" int fsync(int fd) {
  if (folder_fsync_error == 0 || TypeOf(fd) != S_IFDIR) return static_cast<int>(::syscall(SYS_fsync, fd));
  errno = folder_fsync_error;
  return -1;
}
#endif

namespace permafrost {
namespace {

using test::Bytes;
using test::NotRoot;
using test::TemporaryFolder;
using Names = std::vector<std::string>;

// Writes `text` to `target` as one file and returns the message of what failed, if anything did.
std::string Write(const std::string& target, std::string_view text, bool durable = false) {
  auto file = NewFile::Create(target, text.size());
  if (!file.ok()) return file.status().message();
  if (const Status status = file.value().WriteAt(0, Bytes(text)); !status.ok()) return status.message();
  return file.value().Commit(durable).message();
}

mode_t ModeOf(const std::string& path) {
  struct stat info{};
  EXPECT_EQ(::stat(path.c_str(), &info), 0) << path;
  return info.st_mode & 07777;
}

TEST(NewFileTest, AppearsAtItsTarget) {
  const TemporaryFolder folder;
  EXPECT_EQ(Write(folder / "out.pb", "contents"), "");
  EXPECT_EQ(test::ReadFile(folder / "out.pb"), "contents");
  EXPECT_EQ(folder.Names(), Names{"out.pb"});
}

TEST(NewFileTest, ADurableCommitGivesTheSameFile) {
  const TemporaryFolder folder;
  EXPECT_EQ(Write(folder / "out.pb", "contents", true), "");
  EXPECT_EQ(test::ReadFile(folder / "out.pb"), "contents");
  EXPECT_EQ(folder.Names(), Names{"out.pb"});
}

TEST(NewFileTest, TakesPiecesInAnyOrderFromAnyThread) {
  const TemporaryFolder folder;
  std::string expected;
  for (int i = 0; i < 200; ++i) expected += std::string(static_cast<std::size_t>(i), static_cast<char>('a' + i % 26));
  auto file = NewFile::Create(folder / "out", expected.size());
  ASSERT_TRUE(file.ok()) << file.status().message();
  {
    std::vector<std::jthread> threads;
    for (std::size_t first : {3u, 1u, 0u, 2u}) {
      threads.emplace_back([&, first] {
        for (std::size_t at = first * 100; at < expected.size(); at += 400) {
          EXPECT_TRUE(file.value()
                          .WriteAt(at, Bytes(expected).subspan(at, std::min<std::size_t>(100, expected.size() - at)))
                          .ok());
        }
      });
    }
  }
  ASSERT_TRUE(file.value().Commit(false).ok());
  EXPECT_TRUE(test::ReadFile(folder / "out") == expected);
}

TEST(NewFileTest, WithoutACommitNothingIsLeft) {
  const TemporaryFolder folder;
  {
    auto file = NewFile::Create(folder / "out", 512000);
    ASSERT_TRUE(file.ok()) << file.status().message();
    ASSERT_TRUE(file.value().WriteAt(0, Bytes(std::string(512000, 'x'))).ok());
    EXPECT_EQ(folder.Names().size(), 1u);
    EXPECT_NE(folder.Names().front(), "out");
    // Moving it must not remove it, nor remove it twice.
    const NewFile moved = std::move(file.value());
    EXPECT_EQ(folder.Names().size(), 1u);
  }
  EXPECT_EQ(folder.Names(), Names{});
}

TEST(NewFileTest, WithoutACommitAnExistingTargetIsUntouched) {
  const TemporaryFolder folder;
  test::WriteFile(folder / "out", "old");
  {
    auto file = NewFile::Create(folder / "out", 3);
    ASSERT_TRUE(file.ok()) << file.status().message();
    ASSERT_TRUE(file.value().WriteAt(0, Bytes("new")).ok());
  }
  EXPECT_EQ(test::ReadFile(folder / "out"), "old");
  EXPECT_EQ(folder.Names(), Names{"out"});
}

TEST(NewFileTest, KeepsThePermissionsOfTheFileThatItReplaces) {
  const TemporaryFolder folder;
  for (const mode_t mode : {0600u, 0640u, 0666u, 0755u}) {
    test::WriteFile(folder / "out", "old");
    ASSERT_EQ(::chmod((folder / "out").c_str(), mode), 0);
    EXPECT_EQ(Write(folder / "out", "new"), "");
    EXPECT_EQ(test::ReadFile(folder / "out"), "new");
    EXPECT_EQ(ModeOf(folder / "out"), mode);
  }
}

TEST(NewFileTest, RunsWithNobodysRightsBecauseAnotherFileDid) {
  const TemporaryFolder folder;
  test::WriteFile(folder / "out", "old");
  ASSERT_EQ(::chmod((folder / "out").c_str(), 06755), 0);
  EXPECT_EQ(Write(folder / "out", "new"), "");
  EXPECT_EQ(ModeOf(folder / "out"), 0755u);
}

TEST(NewFileTest, ANewFileFollowsTheUmask) {
  const TemporaryFolder folder;
  const mode_t before = ::umask(027);
  EXPECT_EQ(Write(folder / "out", "new"), "");
  ::umask(before);
  EXPECT_EQ(ModeOf(folder / "out"), 0640u);
}

TEST(NewFileTest, ALinkStandsForTheFileItPointsTo) {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder / "models");
  test::WriteFile(folder / "models/v1.pb", "old");
  std::filesystem::create_symlink("models/v1.pb", folder / "link");
  std::filesystem::create_symlink(folder / "link", folder / "link-to-link");
  EXPECT_EQ(Write(folder / "link-to-link", "new"), "");
  EXPECT_TRUE(std::filesystem::is_symlink(folder / "link"));
  EXPECT_TRUE(std::filesystem::is_symlink(folder / "link-to-link"));
  EXPECT_FALSE(std::filesystem::is_symlink(folder / "models/v1.pb"));
  EXPECT_EQ(test::ReadFile(folder / "models/v1.pb"), "new");
}

TEST(NewFileTest, ALinkToNothingCreatesWhatItPointsTo) {
  const TemporaryFolder folder;
  std::filesystem::create_symlink("later.pb", folder / "link");
  EXPECT_EQ(Write(folder / "link", "new"), "");
  EXPECT_EQ(test::ReadFile(folder / "later.pb"), "new");
  EXPECT_TRUE(std::filesystem::is_symlink(folder / "link"));
}

TEST(NewFileTest, LinksInACircleAreRefused) {
  const TemporaryFolder folder;
  std::filesystem::create_symlink("b", folder / "a");
  std::filesystem::create_symlink("a", folder / "b");
  EXPECT_EQ(Write(folder / "a", "new"), "target not writable (Too many levels of symbolic links): " + folder / "a");
}

TEST(NewFileTest, WhatIsNotARegularFileIsRefused) {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder / "folder");
  const auto directory = NewFile::Create(folder / "folder", 1);
  EXPECT_EQ(directory.status().code(), StatusCode::kWriteFailed);
  EXPECT_EQ(directory.status().message(), "target not writable (a directory): " + folder / "folder");
  ASSERT_EQ(::mkfifo((folder / "fifo").c_str(), 0600), 0);
  EXPECT_EQ(Write(folder / "fifo", "x"), "target not writable (not a regular file): " + folder / "fifo");
  EXPECT_EQ(Write("", "x"), "target not writable (not the name of a file): ");
  EXPECT_EQ(Write(folder / "new/", "x"), "target not writable (not the name of a file): " + folder / "new/");
  EXPECT_EQ(folder.Names(), (Names{"fifo", "folder"}));
}

TEST(NewFileTest, AMissingFolderIsReported) {
  const TemporaryFolder folder;
  EXPECT_EQ(Write(folder / "no/out", "x"), "target not writable (No such file or directory): " + folder / "no/out");
}

TEST(NewFileTest, ANameAsLongAsNamesCanBeWorks) {
  const TemporaryFolder folder;
  const std::string name(255, 'n');
  EXPECT_EQ(Write(folder / name, "contents"), "");
  EXPECT_EQ(folder.Names(), Names{name});
}

TEST(NewFileTest, ANameThatIsTooLongIsRefusedAtOnce) {
  const TemporaryFolder folder;
  const std::string name(256, 'n');
  const auto file = NewFile::Create(folder / name, 1);
  EXPECT_EQ(file.status().message(), "target not writable (File name too long): " + folder / name);
  std::filesystem::create_symlink(name, folder / "link");
  EXPECT_EQ(NewFile::Create(folder / "link", 1).status().message(),
            "target not writable (File name too long): " + folder / "link");
  EXPECT_EQ(folder.Names(), Names{"link"});
}

TEST(NewFileTest, ALinkToANameAsLongAsNamesCanBeWorks) {
  const TemporaryFolder folder;
  const std::string name(255, 'n');
  std::filesystem::create_symlink(name, folder / "link");
  EXPECT_EQ(Write(folder / "link", "contents"), "");
  EXPECT_EQ(test::ReadFile(folder / name), "contents");
}

TEST(NewFileTest, ANullByteInTheNameIsRefused) {
  const TemporaryFolder folder;
  EXPECT_EQ(Write((folder / "out") + std::string("\0x", 2), "new"),
            "target not writable (null byte in the name): " + folder / "out");
  EXPECT_EQ(folder.Names(), Names{});
}

TEST(NewFileTest, MoreThanTheDiskHoldsIsRefusedAtOnce) {
  const TemporaryFolder folder;
  test::WriteFile(folder / "out", "old");
  const auto file = NewFile::Create(folder / "out", std::uint64_t{1} << 62);
  ASSERT_FALSE(file.ok());
  EXPECT_EQ(file.status().code(), StatusCode::kWriteFailed);
  // Which of the two limits is met first depends on the filesystem.
  EXPECT_TRUE(file.status().message() ==
                  "no room for the output (File too large, 4611686018427387904 bytes): " + folder / "out" ||
              file.status().message() ==
                  "no room for the output (No space left on device, 4611686018427387904 bytes): " + folder / "out")
      << file.status().message();
  EXPECT_EQ(test::ReadFile(folder / "out"), "old");
  EXPECT_EQ(folder.Names(), Names{"out"});
}

TEST(NewFileTest, AFileSystemThatTellsNoSizeIsNotTakenForAFullOne) {
  struct statvfs info{};
  if (::statvfs("/proc", &info) != 0 || info.f_blocks != 0) GTEST_SKIP() << "no file system here that tells no size";
  EXPECT_TRUE(CheckRoomBeside("/proc/out", 8, "/proc/out").ok());
}

// Limits the size of files for as long as it lives; a write past the limit fails with EFBIG.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t limit) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit lower{limit, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &lower);
    handler_ = std::signal(SIGXFSZ, SIG_IGN);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;
  ~FileSizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }

 private:
  rlimit before_{};
  void (*handler_)(int) = nullptr;
};

TEST(NewFileTest, AWriteThatFailsIsReportedAndLeavesNothing) {
  const TemporaryFolder folder;
  std::string message;
  {
    const FileSizeLimit limit(614400);
    auto file = NewFile::Create(folder / "out", 0);
    ASSERT_TRUE(file.ok()) << file.status().message();
    // The first write is cut short at 600 KiB, the next one fails.
    const Status status = file.value().WriteAt(0, Bytes(std::string(1024000, 'x')));
    EXPECT_EQ(status.code(), StatusCode::kWriteFailed);
    message = status.message();
  }
  EXPECT_EQ(message, "write failed (File too large): " + folder / "out");
  EXPECT_EQ(folder.Names(), Names{});
}

#ifdef __linux__
// Sets one of the errors above for as long as it lives.
class Failing {
 public:
  Failing(int& error, int value) : error_(error) { error_ = value; }
  Failing(const Failing&) = delete;
  Failing& operator=(const Failing&) = delete;
  ~Failing() { error_ = 0; }

 private:
  int& error_;
};

TEST(NewFileTest, ACloseThatFailsLeavesTheTargetAsItWas) {
  const TemporaryFolder folder;
  test::WriteFile(folder / "out", "old");
  for (const bool durable : {false, true}) {
    std::string message;
    {
      const Failing failing(close_error, EDQUOT);
      message = Write(folder / "out", "new", durable);
    }
    EXPECT_EQ(message, "close failed (Disk quota exceeded): " + folder / "out");
    EXPECT_EQ(test::ReadFile(folder / "out"), "old");
    EXPECT_EQ(folder.Names(), Names{"out"});
  }
}

TEST(NewFileTest, AnInterruptedCloseCountsOnlyWithoutFsync) {
  const TemporaryFolder folder;
  test::WriteFile(folder / "out", "old");
  const Failing failing(close_error, EINTR);
  EXPECT_EQ(Write(folder / "out", "new"), "close failed (Interrupted system call): " + folder / "out");
  EXPECT_EQ(test::ReadFile(folder / "out"), "old");
  EXPECT_EQ(Write(folder / "out", "new", true), "");
  EXPECT_EQ(test::ReadFile(folder / "out"), "new");
}

TEST(NewFileTest, AFolderThatCannotBeSyncedIsToldAsSuch) {
  const TemporaryFolder folder;
  {
    const Failing failing(folder_fsync_error, EIO);
    EXPECT_EQ(Write(folder / "out", "new", true),
              "output in place, but it may not survive a power cut (fsync of its folder: Input/output error): " +
                  folder / "out");
  }
  EXPECT_EQ(test::ReadFile(folder / "out"), "new");
  // A filesystem without fsync for folders.
  const Failing failing(folder_fsync_error, EINVAL);
  EXPECT_EQ(Write(folder / "out", "newer", true), "");
  EXPECT_EQ(folder.Names(), Names{"out"});
}
#endif

TEST(NewFileTest, AFolderThatCannotBeOpenedForFsyncIsFoundBeforeTheRename) {
  const TemporaryFolder folder;
  std::string message;
  {
    const NotRoot not_root(folder / "");
    if (::geteuid() == 0) GTEST_SKIP() << "cannot become anybody but root";
    test::WriteFile(folder / "out", "old");
    ASSERT_EQ(::chmod((folder / "").c_str(), 0300), 0);
    message = Write(folder / "out", "new", true);
    EXPECT_EQ(::chmod((folder / "").c_str(), 0700), 0);
  }
  EXPECT_EQ(message, "folder not readable, which fsync needs (Permission denied): " + folder / "out");
  EXPECT_EQ(test::ReadFile(folder / "out"), "old");
  EXPECT_EQ(folder.Names(), Names{"out"});
}

TEST(TargetTest, WhoMayMakeNothingInAFolderIsToldSo) {
  const TemporaryFolder folder;
  const NotRoot not_root(folder / "");
  if (::geteuid() == 0) GTEST_SKIP() << "cannot become anybody but root";
  for (const mode_t mode : {0500, 0600}) {
    ASSERT_EQ(::chmod((folder / "").c_str(), mode), 0);
    EXPECT_EQ(CheckFolderOf(folder / "out", "out").message(), "target not writable (Permission denied): out") << mode;
  }
  ASSERT_EQ(::chmod((folder / "").c_str(), 0700), 0);
  EXPECT_TRUE(CheckFolderOf(folder / "out", "out").ok());
}

TEST(TargetTest, AsManyLinksAreFollowedAsTheSystemFollows) {
  const TemporaryFolder folder;
  for (int i = 1; i <= 40; ++i) {
    std::filesystem::create_symlink(i == 1 ? "out" : std::to_string(i - 1), folder / std::to_string(i));
  }
  const auto resolved = ResolveTarget(folder / "39");
  ASSERT_TRUE(resolved.ok()) << resolved.status().message();
  EXPECT_EQ(resolved.value(), folder / "out");
  EXPECT_EQ(ResolveTarget(folder / "40").status().message(),
            "target not writable (Too many levels of symbolic links): " + folder / "40");
}

TEST(TargetTest, ADiskThatTellsNothingIsNotTakenForAFullOne) {
  const TemporaryFolder folder;
  EXPECT_TRUE(CheckRoomBeside(folder / "none/out", UINT64_MAX, "out").ok());
  EXPECT_FALSE(CheckRoomBeside(folder / "out", UINT64_MAX, "out").ok());
}

TEST(NewFileTest, ATargetThatBecameAFolderIsReportedAtTheCommit) {
  const TemporaryFolder folder;
  {
    auto file = NewFile::Create(folder / "out", 1);
    ASSERT_TRUE(file.ok()) << file.status().message();
    ASSERT_TRUE(file.value().WriteAt(0, Bytes("x")).ok());
    std::filesystem::create_directory(folder / "out");
    EXPECT_EQ(file.value().Commit(false).message(),
              "target not writable (Is a directory: somebody else wrote there meanwhile): " + folder / "out");
  }
  EXPECT_EQ(folder.Names(), Names{"out"});
}

TEST(NewFileTest, WhatIsDiscardedHasNoNameAndIsStillOpen) {
  const TemporaryFolder folder;
  auto file = NewFile::Create(folder / "out", 4);
  ASSERT_TRUE(file.ok()) << file.status().message();
  ASSERT_TRUE(file.value().WriteAt(0, Bytes("text")).ok());
  Discarded discarded;
  file.value().Discard(discarded);
  EXPECT_EQ(folder.Names(), Names{});
  ASSERT_EQ(discarded.size(), 1u);
  struct stat info{};
  ASSERT_EQ(::fstat(discarded.front().get(), &info), 0);
  EXPECT_EQ(info.st_nlink, 0u);
  EXPECT_EQ(info.st_size, 4);
}

}  // namespace
}  // namespace permafrost
