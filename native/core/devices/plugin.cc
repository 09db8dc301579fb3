#include "devices/plugin.h"

#include <dlfcn.h>

#include <filesystem>
#include <string_view>
#include <system_error>

#include "devices/cut_library.h"
#include "devices/permafrost_device.h"
#include "devices/registry.h"
#include "devices/returned.h"
#include "devices/unusable.h"

namespace permafrost::devices {
namespace {

// What the loader says, without the path that it mostly begins with.
std::string LoaderText(const std::string& path) {
  const char* error = ::dlerror();
  std::string_view text = error == nullptr ? "the loader does not say why" : error;
  if (const std::string start = path + ": "; text.starts_with(start)) text.remove_prefix(start.size());
  return std::string(text);
}

// Keeps the library that this code is in. Node closes the addon when the last thread that uses it ends; where that is a
// worker, the registry would go with it, and the targets that the worker brought.
void StayLoaded() {
  Dl_info self;
  if (::dladdr(reinterpret_cast<const void*>(&StayLoaded), &self) == 0) return;
  [[maybe_unused]] const void* kept = ::dlopen(self.dli_fname, RTLD_NOW | RTLD_NOLOAD | RTLD_NODELETE);
}

}  // namespace

Result<std::vector<const Target*>> LoadPlugin(const std::string& path) {
  std::error_code error;
  // With a slash in it, and so never looked for in the places for libraries.
  const std::string absolute = std::filesystem::absolute(path, error).string();
  if (path.empty() || error) return Unusable("no path", path.empty() ? "''" : path);
  const auto kind = std::filesystem::status(absolute, error).type();
  if (kind == std::filesystem::file_type::not_found) return Unusable("no such file", absolute);
  // The loader would wait for somebody to write to a pipe.
  if (!error && kind != std::filesystem::file_type::regular) return Unusable("not a file", absolute);

  if (IsCutLibrary(absolute)) return Unusable("a library that was cut off", absolute);
  void* library = ::dlopen(absolute.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return Unusable("no library that can be loaded here: " + LoaderText(absolute), absolute);
  const auto ask = reinterpret_cast<decltype(&permafrost_device_plugin)>(::dlsym(library, "permafrost_device_plugin"));
  if (ask == nullptr) return Unusable("a library that does not export permafrost_device_plugin", absolute);
  const PermafrostDevicePlugin* plugin = nullptr;
  if (!Returned([&] { plugin = ask(); })) return Unusable("permafrost_device_plugin throws", absolute);
  StayLoaded();
  return RegisterPlugin(plugin, absolute);
}

}  // namespace permafrost::devices
