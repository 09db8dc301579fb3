#include "io/new_folder.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

#include "io/posix.h"
#include "io/put_in_place.h"
#include "io/target.h"
#include "io/unique_fd.h"
#include "text.h"

namespace permafrost {
namespace {

namespace fs = std::filesystem;

// A process may have few files open.
constexpr std::size_t kMostDiscarded = 64;

// The target without a slash at its end, which is allowed where a folder is meant.
std::string Trimmed(std::string target) {
  while (target.size() > 1 && target.back() == '/') target.pop_back();
  return target;
}

struct FolderPlace {
  std::string path;
  std::optional<mode_t> mode;  // of the folder that is there, if there is one
};

Result<FolderPlace> FindFolderPlace(const std::string& target) {
  auto resolved = ResolveTarget(Trimmed(target));
  if (!resolved.ok()) return resolved.status();
  std::string path = Trimmed(std::move(resolved).value());
  const fs::path last = fs::path(path).filename();
  if (last.empty() || last == "." || last == "..") return NotWritable("not the name of a directory", target);
  struct stat info{};
  if (::stat(path.c_str(), &info) != 0) {
    if (errno == ENOENT) return FolderPlace{std::move(path), std::nullopt};
    return NotWritable(ErrnoText(errno), target);
  }
  if (!S_ISDIR(info.st_mode)) return NotWritable("not a directory, and the output is one", target);
  std::error_code error;
  const bool is_empty = fs::is_empty(path, error);
  if (error) return NotWritable(error.message(), target);
  if (!is_empty) return NotWritable("a directory that is not empty", target);
  return FolderPlace{std::move(path), info.st_mode & 07777};
}

std::uint64_t SizeOf(std::span<const FolderFile> files) {
  std::uint64_t size = 0;
  for (const FolderFile& file : files) size += file.size;
  return size;
}

UniqueFd OpenForWriting(const std::string& path, int flags = 0) {
  return UniqueFd(Retried([&] { return ::open(path.c_str(), O_WRONLY | O_CLOEXEC | flags, 0666); }));
}

}  // namespace

Status NewFolder::Check(const std::string& target, std::span<const FolderFile> files) {
  const auto place = FindFolderPlace(target);
  if (!place.ok()) return place.status();
  if (Status status = CheckFolderOf(place.value().path, target); !status.ok()) return status;
  return CheckRoomBeside(place.value().path, SizeOf(files), target);
}

Result<NewFolder> NewFolder::Create(const std::string& target, std::span<const FolderFile> files) {
  const auto place = FindFolderPlace(target);
  if (!place.ok()) return place.status();
  const auto& [path, mode] = place.value();

  // A private folder is private from its first moment; otherwise the system applies the umask.
  const mode_t first = mode ? S_IRWXU : 0777;
  auto temporary = TemporaryName::Beside(
      path, [&](const std::string& name) { return ::mkdir(name.c_str(), first) == 0 ? 0 : errno; });
  if (!temporary.ok()) return temporary.status();
  std::vector<std::string> paths;
  paths.reserve(files.size());
  for (const FolderFile& file : files) paths.push_back(temporary.value().path() + "/" + file.path);
  NewFolder folder(path, std::move(temporary).value(), std::move(paths), mode);
  // Now, because what is made in the folder may take its group from it; and as one that can be written to.
  if (mode) {
    if (Status status = folder.SetMode(*mode | S_IRWXU); !status.ok()) return status;
  }
  // What is written file by file cannot be reserved at once.
  if (Status status = CheckRoomBeside(path, SizeOf(files), target); !status.ok()) return status;
  for (std::size_t i = 0; i < files.size(); ++i) {
    std::error_code error;
    if (files[i].path.find('/') != std::string::npos) fs::create_directories(FolderOf(folder.paths_[i]), error);
    if (error) return NotWritable(error.message(), target);
    // Only here: a file that somebody takes away later is missed, and does not come back with a hole.
    UniqueFd fd = OpenForWriting(folder.paths_[i], O_CREAT | O_EXCL);
    if (!fd.valid()) return Failed("file not created", errno, target);
    if (const int failure = Close(std::move(fd)); failure != 0) return Failed("close failed", failure, target);
  }
  return folder;
}

Status NewFolder::WriteAt(std::size_t file, std::uint64_t offset, std::span<const std::byte> bytes) {
  UniqueFd fd = OpenForWriting(paths_[file]);
  if (!fd.valid()) return Failed("file not opened", errno, target_);
  if (const int error = permafrost::WriteAt(fd.get(), offset, bytes); error != 0) {
    return Failed("write failed", error, target_);
  }
  if (const int error = Close(std::move(fd)); error != 0) return Failed("close failed", error, target_);
  return {};
}

Status NewFolder::Commit(bool durable) {
  if (durable) {
    if (Status status = SyncAll(); !status.ok()) return status;
  }
  const bool is_closed = mode_ && (*mode_ & S_IRWXU) != S_IRWXU;
  if (is_closed) {
    if (Status status = SetMode(*mode_); !status.ok()) return status;
  }
  Status status = PutInPlace(temporary_, target_, durable);
  // What is to be taken away must be open again.
  if (is_closed && !temporary_.path().empty()) (void)SetMode(S_IRWXU);
  return status;
}

Status NewFolder::SetMode(mode_t mode) const {
  if (::chmod(temporary_.path().c_str(), mode) == 0) return {};
  return Failed("permissions not set", errno, target_);
}

void NewFolder::Discard(Discarded& discarded) {
  for (const std::string& path : std::span(paths_).first(std::min(paths_.size(), kMostDiscarded))) {
    UniqueFd fd(Retried([&] { return ::open(path.c_str(), O_RDONLY | O_CLOEXEC); }));
    if (fd.valid()) discarded.push_back(std::move(fd));
  }
  temporary_.Remove();
}

Status NewFolder::SyncAll() const {
  for (const std::string& path : paths_) {
    const UniqueFd fd = OpenForWriting(path);
    const int error = fd.valid() ? Sync(fd.get()) : errno;
    if (error != 0) return Failed("fsync failed", error, target_);
  }
  // The names in the folder itself, and in those below it.
  std::vector<std::string> folders{temporary_.path()};
  std::error_code error;
  for (fs::recursive_directory_iterator at(temporary_.path(), error), end; !error && at != end; at.increment(error)) {
    if (at->is_directory(error)) folders.push_back(at->path().string());
  }
  if (error) return Failed("folder not readable, which fsync needs", error.value(), target_);
  for (const std::string& path : folders) {
    const UniqueFd fd(Retried([&] { return ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); }));
    const int failure = fd.valid() ? SyncFolder(fd.get()) : errno;
    if (failure != 0) return Failed("fsync failed", failure, target_);
  }
  return {};
}

}  // namespace permafrost
