// One small model of each family in the window: a sentence or a picture, every view, and every
// stage of the pass told in words. A family of the registry without a model here fails.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "app/window/view_table.h"
#include "core/format/json.h"
#include "core/format/mapped_file.h"
#include "core/format/safetensors.h"
#include "core/model/model.h"
#include "core/model/registry.h"
#include "tests/app/scenarios/play.h"
#include "tests/support/temp_dir.h"

using namespace heed;
using namespace heed::app;
using heed::app::test::check_apart;
using heed::app::test::check_inside;
using heed::app::test::Play;
using heed::app::test::Size;
using heed::test::TempDir;

namespace {

namespace fs = std::filesystem;

constexpr Size kSize{1280, 720, 1};

// As many pieces as the smallest of the models has words.
constexpr const char* kVocabulary =
    "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nthe\ncat\nsat\non\nmat\ndog\na\nis\n";

// Families that tests/data has no model of.
const std::map<std::string, std::string> kOwnConfigs = {
    {"gemma3",
     R"({"model_type": "gemma3", "architectures": ["Gemma3ForConditionalGeneration"],
        "text_config": {"model_type": "gemma3_text", "hidden_size": 8, "num_attention_heads": 2,
        "num_key_value_heads": 1, "head_dim": 4, "num_hidden_layers": 2, "intermediate_size": 6,
        "vocab_size": 13, "sliding_window": 3, "max_position_embeddings": 16}})"},
    {"transfo-xl",
     R"({"model_type": "transfo-xl", "architectures": ["TransfoXLLMHeadModel"], "d_model": 8,
        "d_embed": 8, "d_head": 4, "n_head": 2, "n_layer": 2, "d_inner": 6, "mem_len": 4,
        "same_length": false, "clamp_len": -1, "cutoffs": [], "div_val": 1, "tie_projs": [false],
        "vocab_size": 13})"},
    {"xlm-roberta",
     R"({"model_type": "xlm-roberta", "architectures": ["XLMRobertaForMaskedLM"],
        "hidden_size": 8, "num_attention_heads": 2, "num_hidden_layers": 2, "vocab_size": 13,
        "intermediate_size": 6, "max_position_embeddings": 16, "type_vocab_size": 1})"}};

std::vector<std::string> list_families() {
    std::vector<std::string> families;
    std::string names = supported_families() + ", ";
    for (std::size_t end = names.find(", "); end != std::string::npos; end = names.find(", ")) {
        families.push_back(names.substr(0, end));
        names.erase(0, end + 2);
    }
    return families;
}

std::string read_model_type(const fs::path& folder) {
    const std::string path = (folder / "config.json").string();
    const Json json = parse_json(read_text_file(path, std::size_t{1} << 20), path);
    return JsonReader(json, path).get_string("model_type", "");
}

// By family, a folder of tests/data with a config and weights.
std::map<std::string, fs::path> list_models() {
    std::map<std::string, fs::path> models;
    const fs::path data = fs::path(HEED_SOURCE_DIR) / "tests/data";
    for (const char* group : {"families", "models"}) {
        for (const auto& entry : fs::recursive_directory_iterator(data / group)) {
            if (entry.path().filename() != "config.json") continue;
            fs::path& model = models[read_model_type(entry.path().parent_path())];
            if (model.empty() || entry.path().parent_path() < model) {
                model = entry.path().parent_path();
            }
        }
    }
    return models;
}

void write(const fs::path& path, const std::string& text) {
    std::ofstream(path, std::ios::binary) << text;
}

// Weights of every shape that the config in `folder` asks for.
void write_random_weights(const fs::path& folder) {
    const auto shapes = open_model(folder)->weights();
    std::mt19937 random(7);
    std::vector<std::vector<float>> values;
    std::vector<SafetensorsItem> items;
    values.reserve(static_cast<std::size_t>(shapes->size()));
    for (WeightId id = 0; id < shapes->size(); ++id) {
        std::size_t count = 1;
        for (const int extent : shapes->extents(id)) count *= static_cast<std::size_t>(extent);
        std::vector<float>& numbers = values.emplace_back(count);
        for (float& number : numbers) {
            number = 0.5F - static_cast<float>(random() % 1000) / 1000;
        }
        const std::vector<int>& extents = shapes->extents(id);
        items.push_back({{shapes->name(id), Dtype::kF32, {extents.begin(), extents.end()}},
                         std::as_bytes(std::span<const float>(numbers))});
    }
    write_safetensors(folder / "model.safetensors", items, {});
}

// A model of the family with words that a person could type.
void make_model(const std::string& family, const std::map<std::string, fs::path>& models,
                const fs::path& folder) {
    fs::create_directories(folder);
    const auto own = kOwnConfigs.find(family);
    if (own != kOwnConfigs.end()) {
        write(folder / "config.json", own->second);
        write_random_weights(folder);
    } else {
        REQUIRE_MESSAGE(models.count(family) > 0, "no small model of the family");
        fs::copy_file(models.at(family) / "model.safetensors", folder / "model.safetensors");
        const std::string source = (models.at(family) / "config.json").string();
        std::string config = read_text_file(source, std::size_t{1} << 20);
        // Marian's usual start lies beyond the words of a small model.
        const std::size_t start = config.find("58100");
        if (start != std::string::npos) config.replace(start, 5, "2");
        write(folder / "config.json", config);
    }
    write(folder / "vocab.txt", kVocabulary);
}

const Item* find_item(const std::vector<Item>& items, std::string_view id) {
    for (const Item& item : items) {
        if (item.id == id) return &item;
    }
    return nullptr;
}

// Something is said, and no place of a text was left unfilled.
void check_said(const std::vector<Item>& items, std::string_view id) {
    CAPTURE(id);
    const Item* item = find_item(items, id);
    REQUIRE(item != nullptr);
    CHECK(!item->text.empty());
    CHECK(item->text.find('{') == std::string::npos);
}

void check_screen(Play& play, const std::vector<Item>& items) {
    CHECK(items.size() > 10);
    for (const Item& item : items) check_inside(item, kSize);
    check_apart(items);
    CHECK(play.screen.take_gl_errors().empty());
}

void check_stages(Play& play) {
    play.run("do view stages");
    int count = 0;
    for (const Item& item : play.items()) {
        if (item.id.rfind("rail/stage[", 0) == 0) ++count;
    }
    CHECK(count >= 15);
    for (int stage = 0; stage < count; ++stage) {
        CAPTURE(stage);
        play.run("do stage " + std::to_string(stage));
        const std::vector<Item>& items = play.items();
        check_screen(play, items);
        check_said(items, "step/title");
        check_said(items, "step/sentence");
        // A long formula is left out where it has no room.
        if (find_item(items, "step/formula") != nullptr) check_said(items, "step/formula");
        check_said(items, "view/stages/changed");
        check_said(items, "view/inspector/formula");
    }
}

}  // namespace

TEST_SUITE_BEGIN("app/families");

TEST_CASE("every family is shown in every view, and every stage of its pass is told") {
    const std::map<std::string, fs::path> models = list_models();
    const TempDir folder;
    Play play;
    play.screen.resize(kSize.width, kSize.height, kSize.scale);
    for (const std::string& family : list_families()) {
        CAPTURE(family);
        const fs::path place = folder.path() / family;
        make_model(family, models, place);
        const ModelSummary facts = open_model(place)->summary();
        const std::string picture = std::string(HEED_SOURCE_DIR) + "/tests/data/image/png-2-8.png";
        play.run("open " + place.string() + "\n" +
                 (facts.takes_text ? "text \"the cat sat on\"" : "image " + picture) +
                 "\nwait\ndo layer " + std::to_string(facts.layers - 1) + "\ndo head " +
                 std::to_string(facts.heads - 1) +
                 (facts.takes_target ? "\nwait" : "\ndo query 2\nwait"));
        for (const ViewEntry& view : all_views()) {
            if (view.name == "inspector" || view.name == "stages") continue;
            CAPTURE(view.name);
            play.run("do view " + std::string(view.name));
            check_screen(play, play.items());
        }
        check_stages(play);
    }
}

TEST_SUITE_END();
