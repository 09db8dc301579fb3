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

constexpr std::size_t kBufferSize = std::size_t{256} * 1024;
// One write takes at most 2^31 bytes on Linux and fails above that on macOS.
constexpr std::size_t kLargestWrite = std::size_t{1} << 30;
constexpr int kMostLinks = 40;
constexpr int kMostNameAttempts = 16;

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
  std::string path;
};

Result<Created> CreateTemporary(const std::string& target, const std::string& folder, mode_t mode) {
  for (int i = 0; i < kMostNameAttempts; ++i) {
    std::uint32_t random = 0;
    if (::getentropy(&random, sizeof(random)) != 0) return NotWritable(ErrnoText(errno), target);
    // Not built on the target's name, which may already be as long as a name can be.
    std::string path = folder + ".permafrost-" + Hex32(random) + ".tmp";
    UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode));
    if (fd.valid()) return Created{std::move(fd), std::move(path)};
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
  while (::fallocate(fd, 0, 0, static_cast<off_t>(size)) != 0) {
    if (errno == EINTR) continue;
    if (errno == ENOSPC || errno == EFBIG || errno == EDQUOT) return errno;
    break;
  }
#else
  static_cast<void>(fd);
#endif
  return 0;
}

}  // namespace

Result<NewFile> NewFile::Create(const std::string& target, std::uint64_t size) {
  auto resolved = FollowLinks(target);
  if (!resolved.ok()) return resolved.status();
  const fs::path path(resolved.value());
  if (!path.has_filename()) return NotWritable("not the name of a file", target);

  struct stat info{};
  const bool exists = ::stat(path.c_str(), &info) == 0;
  if (exists && S_ISDIR(info.st_mode)) return NotWritable("a directory", target);
  if (exists && !S_ISREG(info.st_mode)) return NotWritable("not a regular file", target);
  std::string folder = path.parent_path().string();
  if (!folder.empty() && folder.back() != '/') folder += '/';

  // A private file is private from its first moment; otherwise the system applies the umask.
  auto created = CreateTemporary(target, folder, exists ? 0600 : 0666);
  if (!created.ok()) return created.status();
  NewFile file(std::move(created.value().fd), path.string(), std::move(created.value().path), size);
  if (exists && ::fchmod(file.fd_.get(), info.st_mode & 0777) != 0) return NotWritable(ErrnoText(errno), target);
  if (const int error = Reserve(file.fd_.get(), size); error != 0) {
    return Status(StatusCode::kWriteFailed,
                  "no room for the output (" + ErrnoText(error) + ", " + std::to_string(size) + " bytes): " + target);
  }
  return file;
}

NewFile::NewFile(UniqueFd fd, std::string target, std::string temporary, std::uint64_t size)
    : fd_(std::move(fd)), target_(std::move(target)), temporary_(std::move(temporary)), reserved_(size) {
  buffer_.reserve(static_cast<std::size_t>(std::min<std::uint64_t>(size, kBufferSize)));
}

NewFile::~NewFile() {
  if (fd_.valid()) ::unlink(temporary_.c_str());
}

Status NewFile::Append(std::span<const std::byte> bytes) {
  if (buffer_.size() + bytes.size() > kBufferSize) {
    if (Status status = Flush(); !status.ok()) return status;
  }
  if (bytes.size() >= kBufferSize) return WriteThrough(bytes);
  buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
  return {};
}

Status NewFile::Flush() {
  Status status = WriteThrough(buffer_);
  buffer_.clear();
  return status;
}

Status NewFile::WriteThrough(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(fd_.get(), bytes.data(), std::min(bytes.size(), kLargestWrite));
    if (count < 0) {
      if (errno == EINTR) continue;
      return Failure("write failed", errno);
    }
    bytes = bytes.subspan(static_cast<std::size_t>(count));
    written_ += static_cast<std::uint64_t>(count);
  }
  return {};
}

Status NewFile::Commit(bool durable) {
  if (Status status = Flush(); !status.ok()) return status;
  // Reserved space beyond the last byte would otherwise stay as zeros.
  if (written_ < reserved_ && ::ftruncate(fd_.get(), static_cast<off_t>(written_)) != 0) {
    return Failure("write failed", errno);
  }
  if (durable && ::fsync(fd_.get()) != 0) return Failure("fsync failed", errno);
  if (::rename(temporary_.c_str(), target_.c_str()) != 0) return Failure("rename failed", errno);
  // From here on the temporary file is the target: nothing is left to remove.
  if (::close(fd_.Release()) != 0 && errno != EINTR) return Failure("close failed", errno);
  if (!durable) return {};

  const fs::path parent = fs::path(target_).parent_path();
  const std::string folder = parent.empty() ? "." : parent.string();
  const UniqueFd folder_fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  // EINVAL: a filesystem whose folders cannot be synced.
  if (!folder_fd.valid() || (::fsync(folder_fd.get()) != 0 && errno != EINVAL)) {
    return Failure("fsync of the folder failed", errno);
  }
  return {};
}

Status NewFile::Failure(const std::string& what, int error) const {
  return {StatusCode::kWriteFailed, what + " (" + ErrnoText(error) + "): " + target_};
}

}  // namespace permafrost
