#include "faults.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstdarg>
#include <filesystem>
#include <string>
#include <system_error>
#include <utility>

namespace permafrost::test {
namespace {

Faults* active = nullptr;

std::optional<Fault> NextFault(Call call) { return active == nullptr ? std::nullopt : active->Next(std::move(call)); }

// Where an open file was when it was opened, or is now.
std::string PathOf(int fd) {
  std::error_code ignored;
  return std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(fd), ignored);
}

// Whether the call is to fail; then errno says how.
bool Fails(const char* name, std::string path, int flags = 0) {
  const auto fault = NextFault({name, std::move(path), flags});
  if (!fault || !fault->error) return false;
  errno = *fault->error;
  return true;
}

bool Fails(const char* name, int fd) { return active != nullptr && Fails(name, PathOf(fd)); }

// How many bytes of `size` a read or a write may take; nothing where it is to fail.
std::optional<std::size_t> Allowed(const char* name, int fd, std::size_t size) {
  const auto fault = active == nullptr ? std::nullopt : NextFault({name, PathOf(fd)});
  if (!fault) return size;
  if (!fault->error) return size > 1 ? size / 2 : size;
  errno = *fault->error;
  return std::nullopt;
}

}  // namespace

Faults::Faults(std::optional<Fault> fault, Meanwhile before_each)
    : fault_(std::move(fault)), before_each_(std::move(before_each)) {
  active = this;
}

Faults::~Faults() { active = nullptr; }

std::optional<Fault> Faults::Next(Call call) {
  calls_.push_back(std::move(call));
  Aside(before_each_);
  if (!fault_ || fault_->call != calls_.size() - 1) return std::nullopt;
  if (!fault_->meanwhile) return fault_;
  Aside(fault_->meanwhile);
  return std::nullopt;
}

void Faults::Aside(const Meanwhile& meanwhile) {
  if (!meanwhile) return;
  active = nullptr;
  meanwhile(calls_.back());
  active = this;
}

}  // namespace permafrost::test

// The names are the linker's.
// NOLINTBEGIN(bugprone-reserved-identifier)
extern "C" {

using permafrost::test::active;
using permafrost::test::Allowed;
using permafrost::test::Fails;
using permafrost::test::PathOf;

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
  return Fails("open", path, flags) ? -1 : __real_open(path, flags, mode);
}

ssize_t __wrap_pread(int fd, void* bytes, size_t size, off_t offset) {
  const auto allowed = Allowed("pread", fd, size);
  return allowed ? __real_pread(fd, bytes, *allowed, offset) : -1;
}

ssize_t __wrap_pwrite(int fd, const void* bytes, size_t size, off_t offset) {
  const auto allowed = Allowed("pwrite", fd, size);
  return allowed ? __real_pwrite(fd, bytes, *allowed, offset) : -1;
}

int __wrap_close(int fd) {
  const std::string path = active == nullptr ? "" : PathOf(fd);
  const int result = __real_close(fd);
  return Fails("close", path) ? -1 : result;
}

int __wrap_fallocate(int fd, int mode, off_t offset, off_t size) {
  return Fails("fallocate", fd) ? -1 : __real_fallocate(fd, mode, offset, size);
}

int __wrap_fsync(int fd) { return Fails("fsync", fd) ? -1 : __real_fsync(fd); }

int __wrap_rename(const char* from, const char* to) { return Fails("rename", from) ? -1 : __real_rename(from, to); }

int __wrap_fstat(int fd, struct stat* info) { return Fails("fstat", fd) ? -1 : __real_fstat(fd, info); }

int __wrap_stat(const char* path, struct stat* info) { return Fails("stat", path) ? -1 : __real_stat(path, info); }

int __wrap_statvfs(const char* path, struct statvfs* info) {
  return Fails("statvfs", path) ? -1 : __real_statvfs(path, info);
}

int __wrap_mkdir(const char* path, mode_t mode) { return Fails("mkdir", path) ? -1 : __real_mkdir(path, mode); }

int __wrap_chmod(const char* path, mode_t mode) { return Fails("chmod", path) ? -1 : __real_chmod(path, mode); }

int __wrap_fchmod(int fd, mode_t mode) { return Fails("fchmod", fd) ? -1 : __real_fchmod(fd, mode); }

int __wrap_faccessat(int folder, const char* path, int mode, int flags) {
  return Fails("faccessat", path) ? -1 : __real_faccessat(folder, path, mode, flags);
}

int __wrap_getentropy(void* bytes, size_t size) {
  return Fails("getentropy", std::string()) ? -1 : __real_getentropy(bytes, size);
}

}  // extern "C"
// NOLINTEND(bugprone-reserved-identifier)
