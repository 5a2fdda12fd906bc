// Writes the kept files on a thread of its own: syncing to a disk may take long, and nobody waits
// for it but the end of the program.
#pragma once

#include <condition_variable>
#include <filesystem>
#include <map>
#include <mutex>
#include <string>
#include <thread>

namespace heed::app {

class FileKeeper {
  public:
    FileKeeper();
    // Writes what is still waiting.
    ~FileKeeper();
    FileKeeper(const FileKeeper&) = delete;
    FileKeeper& operator=(const FileKeeper&) = delete;

    // Has `text` written as the whole of `path`; a text of the same path that still waits is not
    // written any more. Returns at once.
    void keep(const std::filesystem::path& path, std::string text);
    // Waits until nothing is left to write.
    void finish();
    // Why the last file could not be written, once; "" where it could.
    std::string take_problem();

  private:
    void work();

    std::mutex mutex_;
    std::condition_variable changed_;
    bool ends_ = false;
    bool is_writing_ = false;
    std::map<std::filesystem::path, std::string> waiting_;
    std::string problem_;
    std::thread thread_;  // last: it uses all of the above
};

}  // namespace heed::app
