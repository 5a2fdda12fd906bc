#include "core/format/safetensors_index.h"

#include <array>
#include <unordered_set>

#include "core/base/check.h"
#include "core/base/error.h"
#include "core/format/json.h"

namespace heed {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSingleName = "model.safetensors";
constexpr std::string_view kIndexName = "model.safetensors.index.json";
constexpr std::size_t kMaxIndexBytes = 100'000'000;

// Weights of other programs that lie where ours are looked for.
struct OtherWeights {
    std::string_view name;
    std::string_view words;
};
constexpr std::array kOtherWeights = {
    OtherWeights{"pytorch_model.bin", "a PyTorch pickle; heed reads safetensors"},
    OtherWeights{"pytorch_model.bin.index.json", "PyTorch pickles; heed reads safetensors"},
    OtherWeights{"tf_model.h5", "TensorFlow weights; heed reads safetensors"},
    OtherWeights{"flax_model.msgpack", "Flax weights; heed reads safetensors"},
};

// There in whatever form: what is no regular file is refused when it is opened.
bool is_there(const fs::path& path) {
    std::error_code ignored;
    return fs::exists(fs::symlink_status(path, ignored));
}

std::string describe_other_weights(const fs::path& folder) {
    for (const OtherWeights& other : kOtherWeights) {
        if (is_there(folder / other.name)) {
            return std::string(other.name) + ", " + std::string(other.words);
        }
    }
    return "neither";
}

bool is_plain_name(std::string_view name) {
    return !name.empty() && name != "." && name != ".." &&
           name.find_first_of(std::string_view("/\\\0", 3)) == std::string_view::npos;
}

}  // namespace

SafetensorsIndex parse_safetensors_index(std::string_view text, std::string_view where) {
    const Json json = parse_json(text, where);
    const JsonReader reader(json, std::string(where));
    const Json* weight_map = reader.get_object("weight_map");
    if (weight_map == nullptr || weight_map->object.empty()) {
        reader.fail("weight_map", "an object that gives each tensor its file",
                    json.find("weight_map"));
    }
    SafetensorsIndex index;
    index.weight_map.reserve(weight_map->object.size());
    std::unordered_set<std::string_view> seen;
    for (const auto& [name, shard] : weight_map->object) {
        if (!shard.is_string() || !is_plain_name(shard.string)) {
            throw Error(reader.place(shard), "weight_map." + one_line(name, 120),
                        "the name of a file in this folder", shard.describe());
        }
        index.weight_map.emplace_back(name, shard.string);
        if (seen.insert(shard.string).second) index.shards.push_back(shard.string);
    }
    return index;
}

SafetensorsFolder::SafetensorsFolder(const fs::path& folder) {
    std::error_code ignored;
    if (!fs::is_directory(folder, ignored)) {
        throw Error(folder.string(), "", "a model folder",
                    is_there(folder) ? "a file" : "nothing there");
    }
    if (is_there(folder / kSingleName)) {
        open_single(folder / kSingleName);
    } else if (is_there(folder / kIndexName)) {
        open_shards(folder / kIndexName);
    } else {
        throw Error(folder.string(), "",
                    std::string(kSingleName) + " or " + std::string(kIndexName),
                    describe_other_weights(folder));
    }
}

void SafetensorsFolder::open_single(const fs::path& file) {
    path_ = file.string();
    files_.push_back(std::make_unique<SafetensorsFile>(file));
    for (const SafetensorsEntry& entry : files_.front()->entries()) {
        entries_.push_back(&entry);
        by_name_.emplace(entry.name, &entry);
    }
}

void SafetensorsFolder::open_shards(const fs::path& index_path) {
    path_ = index_path.string();
    const SafetensorsIndex index =
        parse_safetensors_index(read_text_file(index_path, kMaxIndexBytes), path_);
    std::unordered_map<std::string_view, const SafetensorsFile*> by_shard;
    for (const std::string& shard : index.shards) {
        files_.push_back(std::make_unique<SafetensorsFile>(index_path.parent_path() / shard));
        by_shard.emplace(shard, files_.back().get());
    }
    for (const auto& [name, shard] : index.weight_map) {
        const SafetensorsEntry* entry = by_shard.at(shard)->find(name);
        if (entry == nullptr) {
            throw Error(path_, "weight_map." + one_line(name, 120), "a tensor of " + shard,
                        "no tensor of that name there");
        }
        entries_.push_back(entry);
        by_name_.emplace(entry->name, entry);
    }
}

const SafetensorsEntry* SafetensorsFolder::find(std::string_view name) const {
    const auto found = by_name_.find(name);
    return found == by_name_.end() ? nullptr : found->second;
}

}  // namespace heed
