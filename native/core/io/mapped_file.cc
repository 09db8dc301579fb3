#include "io/mapped_file.h"

#include <sys/mman.h>

#include <cerrno>
#include <cstdint>
#include <limits>
#include <utility>

#include "text.h"

namespace permafrost {
namespace {

Status Unreadable(const std::string& cause, const std::string& path) {
  return {StatusCode::kReadFailed, "file unreadable (" + cause + "): " + path};
}

}  // namespace

Result<MappedFile> MappedFile::Open(const std::string& path, const MissingFile& missing) {
  const auto file = InputFile::Open(path, missing);
  if (!file.ok()) return file.status();
  const std::uint64_t size = file.value().size();
  if (size > std::numeric_limits<std::size_t>::max()) return Unreadable("larger than the address space", path);
  // mmap refuses a length of zero.
  if (size == 0) return MappedFile();

  const auto length = static_cast<std::size_t>(size);
  void* address = ::mmap(nullptr, length, PROT_READ, MAP_PRIVATE, file.value().fd(), 0);
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
