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

Result<OutputPlace> FindFolderPlace(const std::string& target) {
  auto resolved = ResolveTarget(Trimmed(target));
  if (!resolved.ok()) return resolved.status();
  std::string path = Trimmed(std::move(resolved).value());
  const fs::path last = fs::path(path).filename();
  if (last.empty() || last == "." || last == "..") return NotWritable("not the name of a directory", target);
  struct stat info{};
  if (::stat(path.c_str(), &info) != 0) {
    if (errno == ENOENT) return OutputPlace{std::move(path), std::nullopt};
    return NotWritable(ErrnoText(errno), target);
  }
  if (!S_ISDIR(info.st_mode)) return NotWritable("not a directory, and the output is one", target);
  std::error_code error;
  const bool is_empty = fs::is_empty(path, error);
  if (error) return NotWritable(error.message(), target);
  if (!is_empty) return NotWritable("a directory that is not empty", target);
  return OutputPlace{std::move(path), info.st_mode & 07777};
}

std::uint64_t SizeOf(std::span<const FolderFile> files) {
  std::uint64_t size = 0;
  for (const FolderFile& file : files) size += file.size;
  return size;
}

UniqueFd OpenForWriting(const std::string& path, int more = 0) {
  return UniqueFd(Retried([&] { return ::open(path.c_str(), O_WRONLY | O_NOFOLLOW | O_CLOEXEC | more, 0666); }));
}

UniqueFd OpenFolder(const std::string& path) {
  return UniqueFd(Retried([&] { return ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC); }));
}

// The bits by which a folder hands its group down, and what else is no permission.
constexpr mode_t kSpecial = 07000;

// What the system gives a new folder in `folder`, by the umask or by what `folder` hands down. The umask itself cannot
// be asked for without being changed, for all threads.
Result<mode_t> UsualMode(const std::string& folder, const std::string& target) {
  const fs::path probe = fs::path(folder) / "mode";
  std::error_code error;
  fs::create_directory(probe, error);
  if (error) return NotWritable(error.message(), target);
  const fs::perms perms = fs::status(probe, error).permissions();
  if (!error) fs::remove(probe, error);
  if (error) return NotWritable(error.message(), target);
  return static_cast<mode_t>(perms);
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

  // Whatever it is to be in the end: until then nobody else has any business in it, nor can put a link where a file
  // will be.
  auto temporary = TemporaryName::Beside(
      path, [](const std::string& name) { return ::mkdir(name.c_str(), S_IRWXU) == 0 ? 0 : errno; });
  if (!temporary.ok()) return temporary.status();
  std::vector<FolderFile> made;
  made.reserve(files.size());
  for (const FolderFile& file : files) made.push_back({temporary.value().path() + "/" + file.path, file.size});
  NewFolder folder(path, std::move(temporary).value(), std::move(made), mode.value_or(0));
  if (mode) {
    // Now, because what is made in the folder may take its group from it.
    if (Status status = folder.SetMode((*mode & kSpecial) | S_IRWXU); !status.ok()) return status;
  } else {
    const auto usual = UsualMode(folder.temporary_.path(), target);
    if (!usual.ok()) return usual.status();
    folder.mode_ = usual.value();
  }
  // What is written file by file cannot be reserved at once.
  if (Status status = CheckRoomBeside(path, SizeOf(files), target); !status.ok()) return status;
  for (std::size_t i = 0; i < files.size(); ++i) {
    const std::string& file = folder.files_[i].path;
    std::error_code error;
    if (files[i].path.find('/') != std::string::npos) fs::create_directories(FolderOf(file), error);
    if (error) return NotWritable(error.message(), target);
    // Only here: a file that somebody takes away later is missed, and does not come back with a hole.
    UniqueFd fd = OpenForWriting(file, O_CREAT | O_EXCL);
    if (!fd.valid()) return Failed("file not created", errno, target);
    if (const int failure = Close(std::move(fd)); failure != 0) return Failed("close failed", failure, target);
  }
  return folder;
}

Status NewFolder::WriteAt(std::size_t file, std::uint64_t offset, std::span<const std::byte> bytes) {
  UniqueFd fd = OpenForWriting(files_[file].path);
  if (!fd.valid()) return Failed("file not opened", errno, target_);
  if (const int error = permafrost::WriteAt(fd.get(), offset, bytes); error != 0) {
    return Failed("write failed", error, target_);
  }
  if (const int error = Close(std::move(fd)); error != 0) return Failed("close failed", error, target_);
  return {};
}

Status NewFolder::Commit(bool durable) {
  Status status = Publish(durable);
  // What is to be taken away must be open again.
  if (!temporary_.path().empty()) (void)SetMode(S_IRWXU);
  return status;
}

Status NewFolder::Publish(bool durable) {
  // Opened now, which its mode may not allow later.
  UniqueFd folder;
  if (durable) {
    if (Status status = SyncContent(); !status.ok()) return status;
    folder = OpenFolder(temporary_.path());
    if (!folder.valid()) return Failed("fsync failed", errno, target_);
  }
  if (Status status = CheckSizes(); !status.ok()) return status;
  if (Status status = SetMode(mode_); !status.ok()) return status;
  if (durable) {
    if (const int error = SyncFolder(folder.get()); error != 0) return Failed("fsync failed", error, target_);
  }
  return PutInPlace(temporary_, target_, durable);
}

Status NewFolder::SetMode(mode_t mode) const {
  if (::chmod(temporary_.path().c_str(), mode) == 0) return {};
  return Failed("permissions not set", errno, target_);
}

void NewFolder::Discard(Discarded& discarded) {
  for (const FolderFile& file : std::span(files_).first(std::min(files_.size(), kMostDiscarded))) {
    UniqueFd fd(Retried([&] { return ::open(file.path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC); }));
    if (fd.valid()) discarded.push_back(std::move(fd));
  }
  temporary_.Remove();
}

Status NewFolder::CheckSizes() const {
  for (const auto& [path, size] : files_) {
    const std::string what = path.substr(temporary_.path().size() + 1) + " not as it was written";
    struct stat info{};
    if (::stat(path.c_str(), &info) != 0) return Failed(what, errno, target_);
    const auto found = static_cast<std::uint64_t>(info.st_size);
    if (found == size) continue;
    return {StatusCode::kWriteFailed,
            what + " (" + std::to_string(found) + " bytes in place of " + std::to_string(size) + "): " + target_};
  }
  return {};
}

Status NewFolder::SyncContent() const {
  for (const FolderFile& file : files_) {
    const UniqueFd fd = OpenForWriting(file.path);
    const int error = fd.valid() ? Sync(fd.get()) : errno;
    if (error != 0) return Failed("fsync failed", error, target_);
  }
  // The names in the folders below it.
  std::vector<std::string> folders;
  std::error_code error;
  for (fs::recursive_directory_iterator at(temporary_.path(), error), end; !error && at != end; at.increment(error)) {
    if (at->is_directory(error)) folders.push_back(at->path().string());
  }
  if (error) return Failed("folder not readable, which fsync needs", error.value(), target_);
  for (const std::string& path : folders) {
    const UniqueFd fd = OpenFolder(path);
    const int failure = fd.valid() ? SyncFolder(fd.get()) : errno;
    if (failure != 0) return Failed("fsync failed", failure, target_);
  }
  return {};
}

}  // namespace permafrost
