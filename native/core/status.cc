#include "status.h"

namespace permafrost {

std::string_view CodeName(StatusCode code) {
  switch (code) {
    case StatusCode::kOk:
      return "OK";
    case StatusCode::kCheckpointNotFound:
      return "CHECKPOINT_NOT_FOUND";
    case StatusCode::kCheckpointMalformed:
      return "CHECKPOINT_MALFORMED";
    case StatusCode::kCheckpointUnsupported:
      return "CHECKPOINT_UNSUPPORTED";
    case StatusCode::kShardMissing:
      return "SHARD_MISSING";
    case StatusCode::kChecksumMismatch:
      return "CHECKSUM_MISMATCH";
    case StatusCode::kReadFailed:
      return "READ_FAILED";
    case StatusCode::kWriteFailed:
      return "WRITE_FAILED";
    case StatusCode::kAborted:
      return "ABORTED";
    case StatusCode::kOutOfMemory:
      return "OUT_OF_MEMORY";
    case StatusCode::kDeviceUnknown:
      return "DEVICE_UNKNOWN";
    case StatusCode::kDevicePluginUnusable:
      return "DEVICE_PLUGIN_UNUSABLE";
  }
  return "UNKNOWN";
}

}  // namespace permafrost
