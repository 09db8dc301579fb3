#include "io/target.h"

#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "text.h"

namespace permafrost {
namespace {

namespace fs = std::filesystem;

constexpr int kMostLinks = 40;

}  // namespace

Status NotWritable(const std::string& cause, const std::string& target) {
  return {StatusCode::kWriteFailed, "target not writable (" + cause + "): " + target};
}

Status Failed(const std::string& what, int error, const std::string& target) {
  return {StatusCode::kWriteFailed, what + " (" + ErrnoText(error) + "): " + target};
}

Status NoRoom(int error, std::uint64_t size, const std::string& target) {
  return {StatusCode::kWriteFailed,
          "no room for the output (" + ErrnoText(error) + ", " + std::to_string(size) + " bytes): " + target};
}

Result<std::string> ResolveTarget(const std::string& target) {
  // The system would take the part before it for the name.
  if (target.find('\0') != std::string::npos) return NotWritable("null byte in the name", target.c_str());
  fs::path path(target);
  // By hand because what is at the end of the links need not exist yet.
  for (int i = 0; i < kMostLinks; ++i) {
    std::error_code error;
    if (fs::symlink_status(path, error).type() != fs::file_type::symlink) return path.string();
    const fs::path link = fs::read_symlink(path, error);
    if (error) return NotWritable(error.message(), target);
    path = path.parent_path() / link;  // an absolute link replaces the whole path
  }
  return NotWritable(ErrnoText(ELOOP), target);
}

Status CheckFolderOf(const std::string& path, const std::string& target) {
  const std::string folder = FolderOf(path);
  // The rights of whoever will make it: AT_EACCESS.
  if (::faccessat(AT_FDCWD, folder.c_str(), W_OK | X_OK, AT_EACCESS) == 0) return {};
  return NotWritable(ErrnoText(errno), target);
}

Status CheckRoomBeside(const std::string& path, std::uint64_t size, const std::string& target) {
  struct statvfs info{};
  // Where the system tells no size, the writes themselves will tell.
  if (::statvfs(FolderOf(path).c_str(), &info) != 0 || info.f_blocks == 0) return {};
  const std::uint64_t room = static_cast<std::uint64_t>(info.f_bavail) * info.f_frsize;
  return size <= room ? Status() : NoRoom(ENOSPC, size, target);
}

std::string FolderOf(const std::string& path) {
  const fs::path parent = fs::path(path).parent_path();
  return parent.empty() ? "." : parent.string();
}

}  // namespace permafrost
