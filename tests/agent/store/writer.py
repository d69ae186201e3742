"""A process that appends versions to a draft, again and again: `python writer.py URL DRAFT_ID NAME TIMES`."""

import sys

from drafts import draft_saying, making

from agent.store.store import DraftStore, VersionConflict


def main(url: str, draft_id: str, name: str, times: int) -> None:
    store, conflicts = DraftStore.open(url), 0
    for turn in range(times):
        while True:
            newest = store.version(draft_id)
            try:
                store.append(draft_id, newest.number, draft_saying(f"{name} {turn}: "), making(name))
                break
            except VersionConflict:
                conflicts += 1
        print(name, turn, conflicts, flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]))
