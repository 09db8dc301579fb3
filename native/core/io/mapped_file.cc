#include "io/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdint>
#include <limits>
#include <utility>

#include "io/unique_fd.h"
#include "text.h"

namespace permafrost {
namespace {

Status Unreadable(const std::string& cause, const std::string& path) {
  return {StatusCode::kReadFailed, "file unreadable (" + cause + "): " + path};
}

}  // namespace

Result<MappedFile> MappedFile::Open(const std::string& path, const MissingFile& missing) {
  // O_NONBLOCK keeps a FIFO at that path from blocking us before we can refuse it.
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!fd.valid()) {
    const int error = errno;
    if (error == ENOENT || error == ENOTDIR) {
      return Status(missing.code, std::string(missing.noun) + " (no such file): " + path);
    }
    return Unreadable(ErrnoText(error), path);
  }
  struct stat info{};
  if (::fstat(fd.get(), &info) != 0) return Unreadable(ErrnoText(errno), path);
  if (S_ISDIR(info.st_mode)) return Unreadable("a directory", path);
  if (!S_ISREG(info.st_mode)) return Unreadable("not a regular file", path);
  const auto size = static_cast<std::uint64_t>(info.st_size);
  if (size > std::numeric_limits<std::size_t>::max()) return Unreadable("larger than the address space", path);
  // mmap refuses a length of zero.
  if (size == 0) return MappedFile();

  const auto length = static_cast<std::size_t>(size);
  void* address = ::mmap(nullptr, length, PROT_READ, MAP_PRIVATE, fd.get(), 0);
  if (address == MAP_FAILED) return Unreadable(ErrnoText(errno), path);
  // Only advice: whatever it returns, the mapping is good.
  static_cast<void>(::madvise(address, length, MADV_SEQUENTIAL));
  return MappedFile(std::span(static_cast<const std::byte*>(address), length));
}

MappedFile::MappedFile(MappedFile&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  std::swap(bytes_, other.bytes_);
  return *this;
}

MappedFile::~MappedFile() {
  // munmap takes a mutable pointer though it writes nothing.
  if (!bytes_.empty()) ::munmap(const_cast<std::byte*>(bytes_.data()), bytes_.size());
}

}  // namespace permafrost
