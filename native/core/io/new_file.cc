#include "io/new_file.h"

#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <limits>
#include <optional>
#include <system_error>
#include <utility>

#include "text.h"

namespace permafrost {
namespace {

namespace fs = std::filesystem;

// One write takes at most 2^31 bytes on Linux and fails above that on macOS.
constexpr std::size_t kLargestWrite = std::size_t{1} << 30;
constexpr int kMostLinks = 40;
constexpr int kMostNameAttempts = 16;
constexpr int kMostReserveAttempts = 16;

// A signal's handler may cut a system call short.
template <typename Call>
auto Retried(Call call) {
  auto result = call();
  while (result < 0 && errno == EINTR) result = call();
  return result;
}

// Until the disk has it: on macOS an fsync alone stops at the disk's own cache.
int Sync(int fd) {
#ifdef F_FULLFSYNC
  if (Retried([&] { return ::fcntl(fd, F_FULLFSYNC); }) == 0) return 0;
#endif
  return Retried([&] { return ::fsync(fd); });
}

Status NotWritable(const std::string& cause, const std::string& path) {
  return {StatusCode::kWriteFailed, "file not writable (" + cause + "): " + path};
}

// Follows links by hand because the file at the end of them need not exist yet.
Result<std::string> FollowLinks(const std::string& target) {
  fs::path path(target);
  for (int i = 0; i < kMostLinks; ++i) {
    std::error_code error;
    if (fs::symlink_status(path, error).type() != fs::file_type::symlink) return path.string();
    const fs::path link = fs::read_symlink(path, error);
    if (error) return NotWritable(error.message(), target);
    path = path.parent_path() / link;  // an absolute link replaces the whole path
  }
  return NotWritable(ErrnoText(ELOOP), target);
}

struct Created {
  UniqueFd fd;
  TemporaryName name;
};

Result<Created> CreateTemporary(const std::string& target, const std::string& folder, mode_t mode) {
  for (int i = 0; i < kMostNameAttempts; ++i) {
    std::uint32_t random = 0;
    if (::getentropy(&random, sizeof(random)) != 0) return NotWritable(ErrnoText(errno), target);
    // Not built on the target's name, which may already be as long as a name can be.
    std::string path = folder + ".permafrost-" + Hex32(random) + ".tmp";
    UniqueFd fd(Retried([&] { return ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode); }));
    if (fd.valid()) return Created{std::move(fd), TemporaryName(std::move(path))};
    if (errno != EEXIST) return NotWritable(ErrnoText(errno), target);
  }
  return NotWritable("no free temporary name", target);
}

// Returns errno. Filesystems that cannot reserve space are none of our business: the writes themselves will tell.
int Reserve(int fd, std::uint64_t size) {
  if (size == 0) return 0;
  if (size > static_cast<std::uint64_t>(std::numeric_limits<off_t>::max())) return EFBIG;
#ifdef __linux__
  // Not posix_fallocate: where the filesystem cannot do it, glibc falls back to touching every block.
  // Not forever: tmpfs begins again from nothing after each signal.
  for (int i = 0; i < kMostReserveAttempts; ++i) {
    if (::fallocate(fd, 0, 0, static_cast<off_t>(size)) == 0) return 0;
    if (errno == ENOSPC || errno == EFBIG || errno == EDQUOT) return errno;
    if (errno != EINTR) return 0;
  }
#else
  static_cast<void>(fd);
#endif
  return 0;
}

std::string FolderOf(const fs::path& path) {
  const fs::path parent = path.parent_path();
  return parent.empty() ? "." : parent.string();
}

}  // namespace

TemporaryName::~TemporaryName() {
  if (!path_.empty()) ::unlink(path_.c_str());
}

Result<NewFile> NewFile::Create(const std::string& target, std::uint64_t size) {
  // The system would take the part before it for the name.
  if (target.find('\0') != std::string::npos) return NotWritable("null byte in the name", target.c_str());
  auto resolved = FollowLinks(target);
  if (!resolved.ok()) return resolved.status();
  const fs::path path(resolved.value());
  if (!path.has_filename()) return NotWritable("not the name of a file", target);

  struct stat info{};
  const bool exists = ::stat(path.c_str(), &info) == 0;
  // Such as a name that is too long: without this only the rename would find out.
  if (!exists && errno != ENOENT) return NotWritable(ErrnoText(errno), target);
  if (exists && S_ISDIR(info.st_mode)) return NotWritable("a directory", target);
  if (exists && !S_ISREG(info.st_mode)) return NotWritable("not a regular file", target);
  std::string folder = path.parent_path().string();
  if (!folder.empty() && folder.back() != '/') folder += '/';

  // A private file is private from its first moment; otherwise the system applies the umask.
  auto created = CreateTemporary(target, folder, exists ? 0600 : 0666);
  if (!created.ok()) return created.status();
  NewFile file(std::move(created.value().fd), path.string(), std::move(created.value().name));
  if (exists && ::fchmod(file.fd_.get(), info.st_mode & 0777) != 0) return NotWritable(ErrnoText(errno), target);
  if (const int error = Reserve(file.fd_.get(), size); error != 0) {
    return Status(StatusCode::kWriteFailed,
                  "no room for the output (" + ErrnoText(error) + ", " + std::to_string(size) + " bytes): " + target);
  }
  return file;
}

Status NewFile::WriteAt(std::uint64_t offset, std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const auto at = static_cast<off_t>(offset);
    const ssize_t count =
        Retried([&] { return ::pwrite(fd_.get(), bytes.data(), std::min(bytes.size(), kLargestWrite), at); });
    if (count < 0) return Failure("write failed", errno);
    bytes = bytes.subspan(static_cast<std::size_t>(count));
    offset += static_cast<std::uint64_t>(count);
  }
  return {};
}

Status NewFile::Commit(bool durable) {
  // All that can fail comes before the rename, and so leaves the target alone.
  UniqueFd folder;
  if (durable) {
    if (Sync(fd_.get()) != 0) return Failure("fsync failed", errno);
    const std::string path = FolderOf(target_);
    folder = UniqueFd(Retried([&] { return ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); }));
    if (!folder.valid()) return Failure("folder not readable, which fsync needs", errno);
  }
  // A full disk or quota may come to light only here, above all on a network. After an interruption the descriptor is
  // closed all the same, and what it had to say is lost, unless fsync has asked before.
  if (::close(fd_.Release()) != 0 && !(durable && errno == EINTR)) return Failure("close failed", errno);
  if (::rename(temporary_.path().c_str(), target_.c_str()) != 0) return Failure("rename failed", errno);
  temporary_.Release();

  // EINVAL: a filesystem whose folders cannot be synced.
  if (durable && Sync(folder.get()) != 0 && errno != EINVAL) {
    return {StatusCode::kWriteFailed, "output in place, but it may not survive a power cut (fsync of its folder: " +
                                          ErrnoText(errno) + "): " + target_};
  }
  return {};
}

Status NewFile::Failure(const std::string& what, int error) const {
  return {StatusCode::kWriteFailed, what + " (" + ErrnoText(error) + "): " + target_};
}

}  // namespace permafrost
