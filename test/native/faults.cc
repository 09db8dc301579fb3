#include "faults.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstdarg>
#include <utility>

namespace permafrost::test {
namespace {

Faults* active = nullptr;

std::optional<Fault> NextFault(const char* name) { return active == nullptr ? std::nullopt : active->Next(name); }

// Whether the call is to fail; then errno says how.
bool Fails(const char* name) {
  const auto fault = NextFault(name);
  if (!fault || !fault->error) return false;
  errno = *fault->error;
  return true;
}

// How many bytes of `size` a read or a write may take; nothing where it is to fail.
std::optional<std::size_t> Allowed(const char* name, std::size_t size) {
  const auto fault = NextFault(name);
  if (!fault) return size;
  if (!fault->error) return size > 1 ? size / 2 : size;
  errno = *fault->error;
  return std::nullopt;
}

}  // namespace

Faults::Faults(std::optional<Fault> fault) : fault_(std::move(fault)) { active = this; }

Faults::~Faults() { active = nullptr; }

std::optional<Fault> Faults::Next(const char* name) {
  calls_.emplace_back(name);
  if (!fault_ || fault_->call != calls_.size() - 1) return std::nullopt;
  if (!fault_->meanwhile) return fault_;
  active = nullptr;
  fault_->meanwhile();
  active = this;
  return std::nullopt;
}

}  // namespace permafrost::test

// The names are the linker's.
// NOLINTBEGIN(bugprone-reserved-identifier)
extern "C" {

using permafrost::test::Allowed;
using permafrost::test::Fails;

int __real_open(const char* path, int flags, ...);
ssize_t __real_pread(int fd, void* bytes, size_t size, off_t offset);
ssize_t __real_pwrite(int fd, const void* bytes, size_t size, off_t offset);
int __real_close(int fd);
int __real_fallocate(int fd, int mode, off_t offset, off_t size);
int __real_fsync(int fd);
int __real_rename(const char* from, const char* to);
int __real_fstat(int fd, struct stat* info);
int __real_stat(const char* path, struct stat* info);
int __real_statvfs(const char* path, struct statvfs* info);
int __real_mkdir(const char* path, mode_t mode);
int __real_chmod(const char* path, mode_t mode);
int __real_fchmod(int fd, mode_t mode);
int __real_faccessat(int folder, const char* path, int mode, int flags);
int __real_getentropy(void* bytes, size_t size);

int __wrap_open(const char* path, int flags, ...) {
  mode_t mode = 0;
  if ((flags & O_CREAT) != 0) {
    va_list rest;
    va_start(rest, flags);
    mode = va_arg(rest, mode_t);
    va_end(rest);
  }
  return Fails("open") ? -1 : __real_open(path, flags, mode);
}

ssize_t __wrap_pread(int fd, void* bytes, size_t size, off_t offset) {
  const auto allowed = Allowed("pread", size);
  return allowed ? __real_pread(fd, bytes, *allowed, offset) : -1;
}

ssize_t __wrap_pwrite(int fd, const void* bytes, size_t size, off_t offset) {
  const auto allowed = Allowed("pwrite", size);
  return allowed ? __real_pwrite(fd, bytes, *allowed, offset) : -1;
}

int __wrap_close(int fd) {
  const int result = __real_close(fd);
  return Fails("close") ? -1 : result;
}

int __wrap_fallocate(int fd, int mode, off_t offset, off_t size) {
  return Fails("fallocate") ? -1 : __real_fallocate(fd, mode, offset, size);
}

int __wrap_fsync(int fd) { return Fails("fsync") ? -1 : __real_fsync(fd); }

int __wrap_rename(const char* from, const char* to) { return Fails("rename") ? -1 : __real_rename(from, to); }

int __wrap_fstat(int fd, struct stat* info) { return Fails("fstat") ? -1 : __real_fstat(fd, info); }

int __wrap_stat(const char* path, struct stat* info) { return Fails("stat") ? -1 : __real_stat(path, info); }

int __wrap_statvfs(const char* path, struct statvfs* info) {
  return Fails("statvfs") ? -1 : __real_statvfs(path, info);
}

int __wrap_mkdir(const char* path, mode_t mode) { return Fails("mkdir") ? -1 : __real_mkdir(path, mode); }

int __wrap_chmod(const char* path, mode_t mode) { return Fails("chmod") ? -1 : __real_chmod(path, mode); }

int __wrap_fchmod(int fd, mode_t mode) { return Fails("fchmod") ? -1 : __real_fchmod(fd, mode); }

int __wrap_faccessat(int folder, const char* path, int mode, int flags) {
  return Fails("faccessat") ? -1 : __real_faccessat(folder, path, mode, flags);
}

int __wrap_getentropy(void* bytes, size_t size) { return Fails("getentropy") ? -1 : __real_getentropy(bytes, size); }

}  // extern "C"
// NOLINTEND(bugprone-reserved-identifier)
