"""Does a seed make everything repeat, and no seed keep only what must stay?"""


def _story(wechat, exchange):
    told = []
    for person in ("xiaoming", "sam"):
        code = wechat.login(person)
        told += [code, exchange(code).json, exchange(code).json]
        wechat.prefetch(person)
        told.append(exchange(wechat.login(person)).json)
    return told


def test_the_same_seed_tells_the_same_story(wechat, exchange):
    stories = []
    for seed in (7, 7, "seven", 8):
        wechat.reset(seed=seed)
        wechat.freeze(1_800_000_000)
        stories.append(_story(wechat, exchange))
    assert stories[0] == stories[1]
    assert stories[0] != stories[2] != stories[3] != stories[0]


def test_refusals_do_not_change_the_next_code(wechat, exchange):
    wechat.reset(seed=7)
    undisturbed = [wechat.login(), wechat.login()]
    wechat.reset(seed=7)
    first = wechat.login()
    exchange("garbage")
    assert [first, wechat.login()] == undisturbed


def test_without_a_seed_codes_and_keys_are_new_but_people_and_secrets_stay(wechat, exchange):
    def run():
        wechat.reset()
        return wechat.people, wechat.apps, wechat.login(), exchange(wechat.login()).json["session_key"]

    first, second = run(), run()
    assert first[:2] == second[:2]
    assert first[2] != second[2]
    assert first[3] != second[3]


def test_a_seed_never_changes_the_secrets(wechat):
    before = wechat.apps
    wechat.reset(seed=7)
    assert wechat.apps == before


def test_a_reset_without_a_seed_goes_back_to_the_seed_of_the_start(wechat):
    start = wechat.people
    wechat.reset(seed=7)
    assert wechat.people != start
    wechat.reset()
    assert wechat.people == start
